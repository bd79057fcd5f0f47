import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Memory } from '../../src/memory/memory.js';
import { DATA, TEXT } from '../../src/memory/page.js';
import { LANE_SEEDS, mixWord } from '../../src/memory/word-hash.js';
import { type Write, writes } from './writes.js';

/*
 * The formula of `xmc-state/1`, written a second time, on bigints and from its description: murmur3's 32-bit rounds over
 * address and value, low halves first, then its finaliser with two multiplications; per lane another seed.
 */
const MASK = 0xffffffffn;
const SEEDS = [0x243f6a88n, 0x13198a2en] as const;
const rotate = (x: bigint, by: bigint): bigint => ((x << by) | (x >> (32n - by))) & MASK;

function mix(seed: bigint, address: bigint, value: bigint): bigint {
  let h = seed;
  for (const word of [address & MASK, address >> 32n, value & MASK, value >> 32n]) {
    const k = (rotate((word * 0xcc9e2d51n) & MASK, 15n) * 0x1b873593n) & MASK;
    h = (rotate(h ^ k, 13n) * 5n + 0xe6546b64n) & MASK;
  }
  h = ((h ^ (h >> 16n)) * 0x85ebca6bn) & MASK;
  h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) & MASK;
  return h ^ (h >> 16n);
}

/** The hash of everything that differs between two images of the same words. */
function hashOf(initial: ReadonlyMap<bigint, bigint>, now: ReadonlyMap<bigint, bigint>): readonly bigint[] {
  return SEEDS.map((seed) => {
    let sum = 0n;
    for (const [address, value] of now)
      sum += mix(seed, address, value) - mix(seed, address, initial.get(address) ?? 0n);
    return sum & MASK;
  });
}

const REGIONS = [
  { start: 0x1000n, permissions: { ...TEXT, write: true } },
  { start: 0xffffffff81000000n, permissions: DATA },
] as const;
const LENGTH = 0x2000;

function newMemory(): Memory {
  const memory = new Memory(4);
  for (const { start, permissions } of REGIONS) {
    memory.map(
      start,
      BigInt(LENGTH),
      permissions,
      Uint8Array.from({ length: LENGTH }, (_, i) => (i * 7) & 0xff),
    );
  }
  return memory;
}

function image(memory: Memory): Map<bigint, bigint> {
  const words = new Map<bigint, bigint>();
  for (const { start } of REGIONS) {
    for (let at = 0n; at < BigInt(LENGTH); at += 8n) words.set(start + at, memory.read(start + at, 8));
  }
  return words;
}

const lanes = (memory: Memory): bigint[] => [...memory.written.hash()].map((lane) => BigInt.asUintN(32, BigInt(lane)));
const apply = (memory: Memory, { address, size, value }: Write): void => memory.write(address, size, value);
const anyWrites = writes(REGIONS.map(({ start }) => start));

describe('the incremental hash of memory', () => {
  const memory = newMemory();
  const initial = image(memory);
  const snapshot = memory.save();

  it('is 0 before anything is written', () => {
    expect(newMemory().written.hash()).toEqual([0, 0]);
  });

  it('equals a full recomputation, whenever it is asked for', () => {
    fc.assert(
      fc.property(anyWrites, fc.func(fc.boolean()), (list, asks) => {
        memory.restore(snapshot);
        for (const [i, write] of list.entries()) {
          apply(memory, write);
          if (asks(i)) memory.written.hash();
        }
        expect(lanes(memory)).toEqual(hashOf(initial, image(memory)));
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it('does not depend on the order of writes to different words', () => {
    fc.assert(
      fc.property(anyWrites, (list) => {
        const last = new Map(list.map(({ address, value }) => [address & ~7n, value]));
        const run = (entries: Iterable<[bigint, bigint]>): bigint[] => {
          memory.restore(snapshot);
          for (const [address, value] of entries) memory.write(address, 8, value);
          return lanes(memory);
        };
        expect(run([...last].reverse())).toEqual(run(last));
      }),
      { seed: 2, numRuns: 60 },
    );
  });

  it('is the initial hash again when every initial value is written back', () => {
    fc.assert(
      fc.property(anyWrites, (list) => {
        memory.restore(snapshot);
        const before = list.map(({ address, size }) => ({ address, size, value: memory.read(address, size) }));
        for (const write of list) apply(memory, write);
        memory.written.hash();
        for (const write of before.reverse()) apply(memory, write);
        expect(memory.written.hash()).toEqual([0, 0]);
      }),
      { seed: 3, numRuns: 60 },
    );
  });

  it('has the value that the format says', () => {
    const one = new Memory(1);
    one.map(0x1000n, 8n, DATA);
    one.write(0x1000n, 8, 1n);
    expect(one.written.hash()).toEqual([470401844, -761625330]);
  });
});

describe('mixWord', () => {
  it('gives the reference its value on any key and value', () => {
    const half = fc.integer({ min: -0x80000000, max: 0x7fffffff });
    fc.assert(
      fc.property(half, half, half, half, (keyLow, keyHigh, low, high) => {
        const join = (l: number, h: number): bigint => (BigInt(h >>> 0) << 32n) | BigInt(l >>> 0);
        const got = mixWord(0x243f6a88, keyLow, keyHigh, low, high);
        expect(BigInt(got >>> 0)).toBe(mix(0x243f6a88n, join(keyLow, keyHigh), join(low, high)));
      }),
      { seed: 4 },
    );
  });

  it('has no two equal 64-bit results on small structured keys and values', () => {
    const inputs = new Map<string, readonly [number, number, number, number]>();
    for (let key = 0; key < 64; key++) {
      for (let value = 0; value < 256; value++) {
        for (const input of [
          [8 * key, 0, value, 0],
          [8 * key, -1, 0, value],
          [8 * key, -1 - key, value << 24, value],
        ] as const) {
          inputs.set(input.join(), input);
        }
      }
    }
    const results = [...inputs.values()].map((input) => LANE_SEEDS.map((seed) => mixWord(seed, ...input)).join());
    expect(new Set(results).size).toBe(inputs.size);
  });

  it('changes about half of the result with every single bit of its input', () => {
    const input: [number, number, number, number] = [0x81000040, -1, 0x12345678, 0];
    const base = mixWord(0x243f6a88, ...input);
    for (let bit = 0; bit < 128; bit++) {
      const flipped: [number, number, number, number] = [...input];
      const word = bit >> 5;
      flipped[word] = (flipped[word] ?? 0) ^ (1 << (bit & 31));
      const changed = ones(mixWord(0x243f6a88, ...flipped) ^ base);
      expect(changed, `input bit ${bit}`).toBeGreaterThanOrEqual(4);
      expect(changed, `input bit ${bit}`).toBeLessThanOrEqual(28);
    }
  });

  it('has lanes that do not agree on which pairs collide', () => {
    const differences = new Set<number>();
    for (let value = 0; value < 1000; value++) {
      differences.add(mixWord(0x243f6a88, 0, 0, value, 0) ^ mixWord(0x13198a2e, 0, 0, value, 0));
    }
    expect(differences.size).toBeGreaterThan(990);
  });
});

function ones(word: number): number {
  let count = 0;
  for (let rest = word >>> 0; rest !== 0; rest = (rest & (rest - 1)) >>> 0) count++;
  return count;
}
