import { MAX_INSTRUCTION_LENGTH } from '../cpu/decoded-instruction.js';

/** Ranges of text whose execution somebody wants to hear of; asked at every instruction, so by line first. */
export class WatchedLines {
  private readonly lines = new Set<number>();
  private readonly ranges: { readonly start: bigint; readonly end: bigint }[] = [];

  /** Adds the range [start, end). */
  add(start: bigint, end: bigint): void {
    this.ranges.push({ start, end });
    for (let at = start - BigInt(MAX_INSTRUCTION_LENGTH - 1); at < end; at += 64n) this.lines.add(lineOf(at));
    this.lines.add(lineOf(end - 1n));
  }

  /** Whether an instruction at an address, given by the low half of it, may overlap a range. */
  mayTouch(ripLow: number): boolean {
    return this.lines.has(ripLow >>> 6);
  }

  /** Whether [start, start + length) overlaps a range. */
  touches(start: bigint, length: number): boolean {
    const end = start + BigInt(length);
    return this.ranges.some((range) => start < range.end && range.start < end);
  }
}

const lineOf = (address: bigint): number => Number((address >> 6n) & 0x3ffffffn);
