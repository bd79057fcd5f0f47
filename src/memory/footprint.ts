import type { WrittenWords } from './written-words.js';

/**
 * What somebody looked at: blocks of CPUs, and lines of memory. Lines that were never written are the same in all states;
 * they are noted too, so that {@link WrittenWords.onFirstWrite} can tell when that ends.
 */
export class Footprint {
  /** A bit for each CPU. */
  cpus = 0;
  /** What may be fetched: versions of text, floors. */
  fetches = false;
  /** Floors may have been raised: what is fetched later depends on when. */
  floors = false;
  /** What observers know of contexts of others than who executes. */
  others = false;
  /** Numbers of lines, and pool offsets of those that were never written. */
  readonly lines = new Set<number>();
  readonly unwritten = new Set<number>();
  /** Words of 8 bytes, by pool offset / 8, that were looked at as data; and those that were written, maybe with what they held. */
  readonly data = new Set<number>();
  readonly stored = new Set<number>();
  /** What is looked at now is fetched. */
  fetching = false;

  constructor(private readonly written: WrittenWords) {}

  /** Begins anew. */
  clear(): void {
    this.cpus = 0;
    this.fetches = false;
    this.others = false;
    for (const set of [this.lines, this.unwritten]) empty(set);
    this.forgetData();
  }

  /** What is looked at from now on belongs to another step; {@link lines} are those of all. */
  forgetData(): void {
    this.floors = false;
    for (const set of [this.data, this.stored]) empty(set);
  }

  /** Somebody looked at what may be fetched, or changed it. */
  fetched(): void {
    this.fetches = true;
  }

  /** Somebody raised a floor to the present, whether it was lower or not. */
  raisedFloor(): void {
    this.fetches = true;
    this.floors = true;
  }

  /** An observer looked at what it knows of everybody's contexts. */
  observedOthers(): void {
    this.others = true;
  }

  /** Somebody looked at a CPU. */
  cpu(cpu: number): void {
    this.cpus |= 1 << cpu;
  }

  /** Somebody looked at every CPU. */
  allCpus(): void {
    this.cpus = -1;
  }

  /** A word was written, by its pool offset. */
  store(offset: number): void {
    this.lines.add(this.written.lineOf(offset) ?? 0);
    this.stored.add(offset >>> 3);
  }

  /** Somebody looked at bytes of the pool. */
  bytes(offset: number, length: number): void {
    if (!this.fetching) for (let word = offset & -8; word < offset + length; word += 8) this.data.add(word >>> 3);
    for (let line = offset & -64; line < offset + length; line += 64) {
      const number = this.written.lineOf(line);
      if (number === undefined) this.expectUnwritten(line);
      else this.lines.add(number);
    }
  }

  /** Somebody looked at a line, by its pool offset, that was never written. */
  expectUnwritten(line: number): void {
    this.unwritten.add(line);
    this.written.expectUnwritten(line);
  }
}

/** Clearing takes its time even where there is nothing. */
function empty(set: Set<number>): void {
  if (set.size > 0) set.clear();
}
