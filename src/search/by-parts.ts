import type { StateVector } from '../machine/state-vector.js';
import { grown } from '../memory/interned-words.js';
import { endHash, placeByHash, putWord } from '../memory/word-hash.js';

/** The parts of a state that something depends on, in ascending order; maybe {@link OWN_OBSERVERS}. */
interface Shape {
  readonly index: number;
  readonly parts: readonly number[];
}

/**
 * What is known of a CPU in all states that have these numbers in the parts of a shape: an entry of a list of words, which
 * are its hash, the number of the value, shape and CPU, and the numbers in the order of the parts.
 */
const ENTRY = { hash: 0, value: 1, kind: 2, ids: 3 } as const;

/** In the place of a part: what the observers know of the CPU's own contexts. */
export const OWN_OBSERVERS = -1;

/** What is known of CPUs in states, each of it for all states that have the same numbers in some parts of their vectors. */
export class ByParts<T> {
  private readonly shapes = new Map<string, Shape>();
  private readonly shapesOfLists = new WeakMap<readonly number[], Shape>();
  /** The shapes that were met with a CPU's block, by CPU and the block's number: first what something was known by last. */
  private readonly shapesOf: Map<number, Shape[]>[];
  /** Open addressing: 1 more than where the words of an entry begin, or 0. */
  private table = new Int32Array(1 << 12);
  /** The entries, one after the other: what is looked at of one lies side by side. */
  private words = new Int32Array(1 << 14);
  private used = 0;
  private values: T[] = [];

  /** @param vector of which the states are */
  constructor(
    cpus: number,
    private readonly vector: StateVector,
  ) {
    this.shapesOf = Array.from({ length: cpus }, () => new Map());
  }

  get size(): number {
    return this.values.length;
  }

  /** Bytes of memory in use beside the values. */
  get bytes(): number {
    return this.table.byteLength + this.words.byteLength;
  }

  /** What is known of a CPU in the state of the first `length` numbers of a vector; the others are 0. */
  get(state: Int32Array, length: number, cpu: number): T | undefined {
    const shapes = this.shapesOf[cpu]?.get(state[cpu] ?? 0);
    if (shapes === undefined) return undefined;
    const at = { state, length, cpu, own: this.own(state, cpu) };
    for (let i = 0; i < shapes.length; i++) {
      const shape = shapes[i] as Shape;
      const value = this.find(hashOf(shape, at), shape, at);
      if (value < 0) continue;
      // Of two or four shapes one is that of nearly all states.
      if (i > 0) [shapes[i - 1], shapes[i]] = [shape, shapes[i - 1] as Shape];
      return this.values[value];
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
    this.put(hashOf(shape, at), shape, at);
    this.values.push(value);
  }

  clear(): void {
    for (const shapes of this.shapesOf) shapes.clear();
    this.table.fill(0);
    this.used = 0;
    this.values = [];
  }

  /** What stands for {@link OWN_OBSERVERS} in a state. */
  private own(state: Int32Array, cpu: number): number {
    const { vector } = this;
    return vector.observersOf(state[vector.observersPart] ?? 0, state[cpu] ?? 0, cpu);
  }

  /** The number of the value; -1: there is none. */
  private find(hash: number, { index, parts }: Shape, at: Place): number {
    const { table, words } = this;
    const mask = table.length - 1;
    const kind = kindOf(index, at.cpu);
    for (let slot = hash & mask; table[slot] !== 0; slot = (slot + 1) & mask) {
      const entry = (table[slot] ?? 0) - 1;
      if (words[entry + ENTRY.hash] !== hash || words[entry + ENTRY.kind] !== kind) continue;
      let i = 0;
      while (i < parts.length && words[entry + ENTRY.ids + i] === idAt(parts[i] ?? 0, at)) i++;
      if (i === parts.length) return words[entry + ENTRY.value] ?? -1;
    }
    return -1;
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

  private put(hash: number, { index, parts }: Shape, at: Place): void {
    const entry = this.used;
    this.used += ENTRY.ids + parts.length;
    if (this.used > this.words.length) this.words = grown(this.words, this.used);
    const { words } = this;
    words[entry + ENTRY.hash] = hash;
    words[entry + ENTRY.value] = this.size;
    words[entry + ENTRY.kind] = kindOf(index, at.cpu);
    for (let i = 0; i < parts.length; i++) words[entry + ENTRY.ids + i] = idAt(parts[i] ?? 0, at);
    placeByHash(this.table, hash, entry);
    if (2 * (this.size + 1) > this.table.length) this.growTable();
  }

  private growTable(): void {
    const { words, used } = this;
    const lengths = [...this.shapes.values()].map(({ parts }) => parts.length);
    this.table = new Int32Array(2 * this.table.length);
    for (let entry = 0; entry < used; ) {
      placeByHash(this.table, words[entry + ENTRY.hash] ?? 0, entry);
      entry += ENTRY.ids + (lengths[shapeOfKind(words[entry + ENTRY.kind] ?? 0)] ?? 0);
    }
  }
}

/** A shape and a CPU in a word. */
function kindOf(shape: number, cpu: number): number {
  return (shape << 3) | cpu;
}

function shapeOfKind(kind: number): number {
  return kind >>> 3;
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

function hashOf({ index, parts }: Shape, at: Place): number {
  let h = kindOf(index, at.cpu);
  for (let i = 0; i < parts.length; i++) h = putWord(h, idAt(parts[i] ?? 0, at));
  return endHash(h);
}
