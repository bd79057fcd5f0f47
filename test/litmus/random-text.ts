import fc from 'fast-check';
import { Memory } from '../../src/memory/memory.js';
import { TEXT } from '../../src/memory/page.js';
import { rulesOfProfile } from '../../src/profile/profiles.js';
import { FETCH_RULES, type FetchRuleName, type Rules } from '../../src/profile/rules.js';

/** Bytes of short instructions, of prefixes, of what is no instruction: NOP, INT3, MOV, CALL, 0F xx, ADD, REX. */
const BYTES = [0x90, 0xcc, 0xb0, 0xb8, 0xe8, 0x0f, 0x0f, 0x1f, 0x44, 0x00, 0x01, 0x0b, 0x06, 0x66, 0xc3] as const;

/** How many bytes of text there are, from some address on. */
const LENGTH = 24;

/** Text across a page, or at its end, that is stored to; and the rule of fetching from it. */
export interface RandomText {
  readonly rule: FetchRuleName;
  readonly unit: number;
  /** Address of the first byte; the page ends at 0x2000. */
  readonly base: number;
  /** Whether there is a page behind. */
  readonly secondPage: boolean;
  readonly bytes: readonly number[];
}

/** A store of some bytes as one event. */
export interface RandomStore {
  readonly cpu: number;
  /** Index of the first byte. */
  readonly at: number;
  readonly bytes: readonly number[];
}

const byte = fc.constantFrom(...BYTES);

/** What the text begins with: instructions of several bytes, so that there is something to tear. */
const BEGINNINGS = [
  [0xe8, 0x00, 0x01, 0x00, 0x01],
  [0x0f, 0x1f, 0x44, 0x00, 0x00],
  [0xb8, 0x01, 0x00, 0x44, 0x00],
  [0x66, 0xb8, 0x01, 0x00],
  [0xb0, 0x01, 0xb0, 0x44],
  [],
] as const;

export const randomText: fc.Arbitrary<RandomText> = fc.record({
  rule: fc.constantFrom(...FETCH_RULES),
  unit: fc.constantFrom(1, 1, 1, 2, 2, 4, 4, 8, 16, 32, 64),
  base: fc.oneof(fc.integer({ min: 0x1000, max: 0x1040 }), fc.integer({ min: 0x1fea, max: 0x1fff })),
  secondPage: fc.boolean(),
  bytes: fc
    .tuple(fc.constantFrom(...BEGINNINGS), fc.array(byte, { minLength: LENGTH, maxLength: LENGTH }))
    .map(([beginning, rest]) => [...beginning, ...rest].slice(0, LENGTH)),
});

export const randomStore: fc.Arbitrary<RandomStore> = fc.record({
  cpu: fc.nat(1),
  at: fc.oneof(fc.nat(4), fc.nat(11)),
  bytes: fc.array(byte, { minLength: 1, maxLength: 4 }),
});

export const randomStores = (max: number): fc.Arbitrary<RandomStore[]> => fc.array(randomStore, { maxLength: max });

/** Where a fetch begins, as an index. */
export const randomFrom: fc.Arbitrary<number> = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(11));

/** Memory that holds the text, and nothing that was there before; pages that follow each other do not do so in the pool. */
export function memoryOf({ base, secondPage, bytes }: RandomText, memory: Memory = new Memory(3)): Memory {
  memory.clear();
  if (secondPage) memory.map(0x2000n, 0x1000n, TEXT);
  memory.map(0x9000n, 0x1000n, TEXT);
  memory.map(0x1000n, 0x1000n, TEXT);
  bytes.forEach((value, i) => {
    const address = BigInt(base + i);
    if (memory.pageAt(address) !== undefined) memory.linear.u8[memory.offsetOf(address)] = value;
  });
  return memory;
}

export const rulesOf = ({ rule, unit }: RandomText): Rules => ({ ...rulesOfProfile('ideal'), fetch: rule, unit });

/** The initial value of each byte, by address. */
export const initialOf =
  ({ base, bytes }: RandomText) =>
  (place: number): number =>
    bytes[place - base] ?? 0;

/** The addresses that a fetch at an address may reach. */
export function windowAt({ secondPage }: RandomText, address: number): number[] {
  const places = Array.from({ length: 15 }, (_, i) => address + i);
  return secondPage ? places : places.filter((place) => place < 0x2000);
}

/** What a store changes, by address: bytes that keep their value are no change, bytes outside of memory none either. */
export function changes(text: RandomText, memory: Memory, { at, bytes }: RandomStore): Map<number, number> {
  const places = bytes.map((value, i): [number, number] => [text.base + at + i, value]);
  const mapped = places.filter(([place]) => memory.pageAt(BigInt(place)) !== undefined);
  return new Map(mapped.filter(([place, value]) => memory.read(BigInt(place), 1) !== BigInt(value)));
}
