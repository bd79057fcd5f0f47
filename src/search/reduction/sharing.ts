import type { Locality } from './locality.js';

/**
 * Which memory is whose, as far as the search has seen, and what was concluded from that. Steps on memory that one CPU
 * alone uses, or that nobody writes, are nobody else's concern. When a step shows that a conclusion was wrong the
 * search has to begin anew, with what it has learned.
 */
export class Sharing {
  /** A conclusion was wrong. */
  isBroken = false;
  /** By line: who looked at it, and who wrote it, as bits. */
  private readonly users = new Map<number, number>();
  private readonly writers = new Map<number, number>();
  /** By line: those of whom it was concluded that nobody else writes it, and that nobody else uses it. */
  private readonly unwritten = new Map<number, number>();
  private readonly own = new Map<number, number>();
  /** Bytes of text that were ever written, and those of which it was concluded that they are not. */
  private readonly changed = new Set<number>();
  private readonly constant = new Set<number>();

  /** A step of a task, or of an idle CPU, used lines, and wrote some of them. */
  note(owner: number, used: Iterable<number>, written: Iterable<number>): void {
    for (const line of used) this.use(owner, line);
    for (const line of written) {
      this.use(owner, line);
      add(this.writers, line, owner);
      if (others(this.unwritten.get(line), owner)) this.isBroken = true;
    }
  }

  private use(owner: number, line: number): void {
    add(this.users, line, owner);
    if (others(this.own.get(line), owner)) this.isBroken = true;
  }

  /** A byte of text was stored to, by its pool offset. */
  textStored(offset: number): void {
    this.changed.add(offset);
    if (this.constant.has(offset)) this.isBroken = true;
  }

  /** Whether what a step did is nobody else's concern; if so, that is a conclusion. */
  isPrivate({ owner, read, written, text }: Locality): boolean {
    const isPrivate =
      read.every((line) => !others(this.writers.get(line), owner)) &&
      written.every((line) => !others(this.users.get(line), owner)) &&
      text.every((offset) => !this.changed.has(offset));
    if (!isPrivate) return false;
    for (const line of read) add(this.unwritten, line, owner);
    for (const line of written) add(this.own, line, owner);
    for (const offset of text) this.constant.add(offset);
    return true;
  }

  /** Pool offsets of the lines that several tasks use and somebody writes, and of those with text that was stored to. */
  get lines(): readonly number[] {
    const used = [...this.writers.keys()].filter((line) => isSeveral(this.users.get(line) ?? 0));
    const text = [...this.changed].map((offset) => offset >>> 6);
    return [...new Set([...used, ...text])].sort((a, b) => a - b).map((line) => line << 6);
  }

  /** Drops the conclusions, but not what was seen. */
  beginAnew(): void {
    this.isBroken = false;
    this.unwritten.clear();
    this.own.clear();
    this.constant.clear();
  }
}

function add(map: Map<number, number>, line: number, owner: number): void {
  map.set(line, (map.get(line) ?? 0) | bitOf(owner));
}

/** Whether there are others in a set of bits besides one. */
function others(all: number | undefined, owner: number): boolean {
  return ((all ?? 0) & ~bitOf(owner)) !== 0;
}

const isSeveral = (all: number): boolean => (all & (all - 1)) !== 0;

/** Tasks have numbers from 0 on, idle CPUs from -1 downwards. */
const bitOf = (owner: number): number => 1 << (owner >= 0 ? owner : 31 + owner);
