import type { StateVector } from '../machine/state-vector.js';
import { endHash, placeByHash, putWord } from '../memory/word-hash.js';

/** The parts of a state that something depends on, in ascending order; maybe {@link OWN_OBSERVERS}. */
interface Shape {
  readonly index: number;
  readonly parts: readonly number[];
}

/** What is known of a CPU in all states that have these numbers in the parts of a shape. */
interface Entry<T> {
  readonly hash: number;
  readonly cpu: number;
  readonly shape: Shape;
  readonly ids: readonly number[];
  readonly value: T;
}

/** In the place of a part: what the observers know of the CPU's own contexts. */
export const OWN_OBSERVERS = -1;

/** What is known of CPUs in states, each of it for all states that have the same numbers in some parts of their vectors. */
export class ByParts<T> {
  private readonly shapes = new Map<string, Shape>();
  private readonly shapesOfLists = new WeakMap<readonly number[], Shape>();
  /** The shapes that were met with a CPU's block, by CPU and the block's number: first what something was known by last. */
  private readonly shapesOf: Map<number, Shape[]>[];
  /** Open addressing: number + 1 of an entry, or 0. */
  private table = new Int32Array(1 << 12);
  private entries: Entry<T>[] = [];

  /** @param vector of which the states are */
  constructor(
    cpus: number,
    private readonly vector: StateVector,
  ) {
    this.shapesOf = Array.from({ length: cpus }, () => new Map());
  }

  get size(): number {
    return this.entries.length;
  }

  /** Bytes of memory in use beside the entries. */
  get bytes(): number {
    return this.table.byteLength;
  }

  /** What is known of a CPU in the state of the first `length` numbers of a vector; the others are 0. */
  get(state: Int32Array, length: number, cpu: number): T | undefined {
    const shapes = this.shapesOf[cpu]?.get(state[cpu] ?? 0);
    if (shapes === undefined) return undefined;
    const at = { state, length, cpu, own: this.own(state, cpu) };
    for (let i = 0; i < shapes.length; i++) {
      const shape = shapes[i] as Shape;
      const entry = this.find(hashOf(shape, at), shape, at);
      if (entry === undefined) continue;
      // Of two or four shapes one is that of nearly all states.
      if (i > 0) [shapes[i - 1], shapes[i]] = [shape, shapes[i - 1] as Shape];
      return entry.value;
    }
    return undefined;
  }

  /** @param parts what the value depends on, among them the CPU's block */
  add(state: Int32Array, length: number, cpu: number, parts: readonly number[], value: T): void {
    const shape = this.shapeOf(parts);
    const block = state[cpu] ?? 0;
    const known = this.shapesOf[cpu]?.get(block);
    if (known === undefined) this.shapesOf[cpu]?.set(block, [shape]);
    else if (!known.includes(shape)) known.push(shape);
    // Of a vector that has the parts alone there may be nothing else to ask for.
    const own = parts[0] === OWN_OBSERVERS ? this.own(state, cpu) : 0;
    const at = { state, length, cpu, own };
    this.put({ hash: hashOf(shape, at), cpu, shape, ids: parts.map((part) => idAt(part, at)), value });
  }

  clear(): void {
    for (const shapes of this.shapesOf) shapes.clear();
    this.table.fill(0);
    this.entries = [];
  }

  /** What stands for {@link OWN_OBSERVERS} in a state. */
  private own(state: Int32Array, cpu: number): number {
    const { vector } = this;
    return vector.observersOf(state[vector.observersPart] ?? 0, state[cpu] ?? 0, cpu);
  }

  private find(hash: number, shape: Shape, at: Place): Entry<T> | undefined {
    const mask = this.table.length - 1;
    for (let slot = hash & mask; this.table[slot] !== 0; slot = (slot + 1) & mask) {
      const entry = this.entries[(this.table[slot] ?? 0) - 1];
      if (entry?.hash !== hash || entry.cpu !== at.cpu || entry.shape !== shape) continue;
      if (isOf(entry, at)) return entry;
    }
    return undefined;
  }

  private shapeOf(parts: readonly number[]): Shape {
    const same = this.shapesOfLists.get(parts);
    if (same !== undefined) return same;
    const key = parts.join();
    const shape = this.shapes.get(key) ?? { index: this.shapes.size, parts };
    this.shapes.set(key, shape);
    this.shapesOfLists.set(parts, shape);
    return shape;
  }

  private put(entry: Entry<T>): void {
    this.entries.push(entry);
    if (2 * this.entries.length > this.table.length) {
      this.table = new Int32Array(2 * this.table.length);
      this.entries.forEach((each, number) => {
        placeByHash(this.table, each.hash, number);
      });
    } else {
      placeByHash(this.table, entry.hash, this.entries.length - 1);
    }
  }
}

/** A CPU in the state of the first `length` numbers of a vector. */
interface Place {
  readonly state: Int32Array;
  readonly length: number;
  readonly cpu: number;
  /** What stands for {@link OWN_OBSERVERS}. */
  readonly own: number;
}

function idAt(part: number, { state, length, own }: Place): number {
  if (part === OWN_OBSERVERS) return own;
  return part < length ? (state[part] ?? 0) : 0;
}

/** Whether a state has the numbers of an entry. */
function isOf<T>({ shape: { parts }, ids }: Entry<T>, at: Place): boolean {
  for (let i = 0; i < parts.length; i++) if (ids[i] !== idAt(parts[i] ?? 0, at)) return false;
  return true;
}

function hashOf({ index, parts }: Shape, at: Place): number {
  let h = (index << 3) | at.cpu;
  for (let i = 0; i < parts.length; i++) h = putWord(h, idAt(parts[i] ?? 0, at));
  return endHash(h);
}
