import { CELL, cpuBase } from '../cpu/cells.js';
import type { LinearMemory } from '../memory/linear-memory.js';

/** The pending interrupts of a CPU: a bit for each vector, as in the local APIC's IRR. */
export class PendingInterrupts {
  private readonly base: number;

  constructor(
    private readonly linear: LinearMemory,
    cpu: number,
  ) {
    this.base = cpuBase(cpu) + CELL.pending;
  }

  raise(vector: number): void {
    this.update(vector, (word, bit) => word | bit);
  }

  clear(vector: number): void {
    this.update(vector, (word, bit) => word & ~bit);
  }

  private update(vector: number, change: (word: number, bit: number) => number): void {
    const at = this.base + 4 * (vector >> 5);
    this.linear.setInt32(at, change(this.linear.int32(at), 1 << (vector & 31)));
  }

  /** The pending vector of the highest priority, which is the highest one; undefined when none is pending. */
  get highest(): number | undefined {
    for (let word = 7; word >= 0; word--) {
      const bits = this.linear.int32(this.base + 4 * word);
      if (bits !== 0) return 32 * word + 31 - Math.clz32(bits);
    }
    return undefined;
  }

  /** All pending vectors, the highest first. */
  get vectors(): number[] {
    const all = Array.from({ length: 256 }, (_, vector) => 255 - vector);
    return all.filter((vector) => (this.linear.int32(this.base + 4 * (vector >> 5)) >> (vector & 31)) & 1);
  }
}
