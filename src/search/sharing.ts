import type { Locality } from './locality.js';

/**
 * Which memory is whose, as far as the search has seen, and what was concluded from that. Steps on memory that one CPU
 * alone uses, or that nobody writes, are nobody else's concern. When a step shows that a conclusion was wrong the
 * search has to begin anew, with what it has learned.
 */
export class Sharing {
  /** A conclusion was wrong. */
  isBroken = false;
  /** By line: the CPUs that looked at it, and those that wrote it, as bits. */
  private readonly users = new Map<number, number>();
  private readonly writers = new Map<number, number>();
  /** By line: the CPUs of which it was concluded that nobody else writes it, and that nobody else uses it. */
  private readonly unwritten = new Map<number, number>();
  private readonly own = new Map<number, number>();
  /** Bytes of text that were ever written, and those of which it was concluded that they are not. */
  private readonly changed = new Set<number>();
  private readonly constant = new Set<number>();

  /** A step of a CPU used lines, and wrote some of them. */
  note(cpu: number, used: Iterable<number>, written: Iterable<number>): void {
    for (const line of used) this.use(cpu, line);
    for (const line of written) {
      this.use(cpu, line);
      add(this.writers, line, cpu);
      if (others(this.unwritten.get(line), cpu)) this.isBroken = true;
    }
  }

  private use(cpu: number, line: number): void {
    add(this.users, line, cpu);
    if (others(this.own.get(line), cpu)) this.isBroken = true;
  }

  /** A byte of text was stored to, by its pool offset. */
  textStored(offset: number): void {
    this.changed.add(offset);
    if (this.constant.has(offset)) this.isBroken = true;
  }

  /** Whether what a CPU's step did is nobody else's concern; if so, that is a conclusion. */
  isPrivate(cpu: number, { read, written, text }: Locality): boolean {
    const isPrivate =
      read.every((line) => !others(this.writers.get(line), cpu)) &&
      written.every((line) => !others(this.users.get(line), cpu)) &&
      text.every((offset) => !this.changed.has(offset));
    if (!isPrivate) return false;
    for (const line of read) add(this.unwritten, line, cpu);
    for (const line of written) add(this.own, line, cpu);
    for (const offset of text) this.constant.add(offset);
    return true;
  }

  /** Drops the conclusions, but not what was seen. */
  beginAnew(): void {
    this.isBroken = false;
    this.unwritten.clear();
    this.own.clear();
    this.constant.clear();
  }
}

function add(map: Map<number, number>, line: number, cpu: number): void {
  map.set(line, (map.get(line) ?? 0) | (1 << cpu));
}

/** Whether there are CPUs in a set of bits besides one. */
function others(cpus: number | undefined, cpu: number): boolean {
  return ((cpus ?? 0) & ~(1 << cpu)) !== 0;
}
