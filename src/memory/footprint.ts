import type { WrittenWords } from './written-words.js';

/**
 * What somebody looked at: blocks of CPUs, and lines of memory. Lines that were never written are the same in all states;
 * they are noted too, so that {@link WrittenWords.onFirstWrite} can tell when that ends.
 */
export class Footprint {
  /** A bit for each CPU. */
  cpus = 0;
  /** Numbers of lines. */
  readonly lines = new Set<number>();

  constructor(private readonly written: WrittenWords) {}

  /** Begins anew. */
  clear(): void {
    this.cpus = 0;
    this.lines.clear();
  }

  /** Somebody looked at a CPU. */
  cpu(cpu: number): void {
    this.cpus |= 1 << cpu;
  }

  /** Somebody looked at every CPU. */
  allCpus(): void {
    this.cpus = -1;
  }

  /** Somebody looked at bytes of the pool. */
  bytes(offset: number, length: number): void {
    for (let line = offset & -64; line < offset + length; line += 64) {
      const number = this.written.lineOf(line);
      if (number === undefined) this.written.expectUnwritten(line);
      else this.lines.add(number);
    }
  }
}
