import { PAGE_SIZE } from '../memory/layout.js';
import type { Memory } from '../memory/memory.js';
import { MAX_INSTRUCTION_LENGTH } from './decoded-instruction.js';

/** The bytes that an instruction fetch returned. */
export interface FetchedBytes {
  /** Up to 15 bytes; fewer when text ends before. */
  readonly bytes: Uint8Array;
  /** Pool offset of each byte. */
  readonly offsets: readonly number[];
  /** The address at which text ended, if it did. */
  readonly end: bigint | undefined;
}

/**
 * What a CPU's instruction fetch may return. The rule is the profile's (semantics of instruction fetch); which of the
 * allowed results a step uses is a scheduling choice.
 */
export interface FetchRule {
  readonly name: string;
  /** The bytes that CPU `cpu` fetches at `rip`. */
  fetch(memory: Memory, cpu: number, rip: bigint): FetchedBytes;
  /**
   * Whether what was fetched at a pool offset may differ next time although nothing was stored: never reuse it unseen.
   */
  mayDiffer(memory: Memory, offset: number): boolean;
}

/**
 * `coherent`: every unit as of now. There is no state in the middle of a fetch: whatever units the decoder needs are
 * read in one step, which loses nothing, because no serialisation can fall inside one fetch.
 */
export const COHERENT: FetchRule = {
  name: 'coherent',
  mayDiffer: () => false,
  fetch(memory, _cpu, rip) {
    const first = memory.translate(rip, 'execute');
    if (first === 0) return { bytes: new Uint8Array(), offsets: [], end: rip };
    const inPage = Math.min(MAX_INSTRUCTION_LENGTH, PAGE_SIZE - (first & (PAGE_SIZE - 1)));
    const { u8 } = memory.linear;
    if (inPage === MAX_INSTRUCTION_LENGTH) {
      return { bytes: u8.slice(first, first + inPage), offsets: range(first, inPage), end: undefined };
    }
    const nextPage = BigInt.asUintN(64, rip + BigInt(inPage));
    const second = memory.translate(nextPage, 'execute');
    const rest = second === 0 ? 0 : MAX_INSTRUCTION_LENGTH - inPage;
    const bytes = new Uint8Array(inPage + rest);
    bytes.set(u8.subarray(first, first + inPage));
    bytes.set(u8.subarray(second, second + rest), inPage);
    const offsets = [...range(first, inPage), ...range(second, rest)];
    return { bytes, offsets, end: second === 0 ? nextPage : undefined };
  },
};

function range(start: number, length: number): number[] {
  const numbers: number[] = [];
  for (let i = 0; i < length; i++) numbers.push(start + i);
  return numbers;
}
