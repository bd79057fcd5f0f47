import { MAX_INSTRUCTION_LENGTH } from '../cpu/decoded-instruction.js';

/** Ranges of text whose execution somebody wants to hear of; asked at every instruction, so by line first. */
export class WatchedLines {
  private readonly lines = new Set<number>();
  private readonly ranges: { readonly start: bigint; readonly end: bigint; readonly entered: boolean }[] = [];

  /**
   * Adds the range [start, end).
   * @param entered whether it matters that a CPU stands there, even before it executes anything
   */
  add(start: bigint, end: bigint, entered = false): void {
    this.ranges.push({ start, end, entered });
    for (let at = start - BigInt(MAX_INSTRUCTION_LENGTH - 1); at < end; at += 64n) this.lines.add(lineOf(at));
    this.lines.add(lineOf(end - 1n));
  }

  /** Whether an instruction at an address, given by the low half of it, may overlap a range. */
  mayTouch(ripLow: number): boolean {
    return this.lines.has(ripLow >>> 6);
  }

  /** Whether it matters that a CPU stands at an address. */
  isEntered(address: bigint): boolean {
    return this.ranges.some(({ start, end, entered }) => entered && address >= start && address < end);
  }

  /** Whether [start, start + length) overlaps a range. */
  touches(start: bigint, length: number): boolean {
    const end = start + BigInt(length);
    return this.ranges.some((range) => start < range.end && range.start < end);
  }
}

const lineOf = (address: bigint): number => Number((address >> 6n) & 0x3ffffffn);
