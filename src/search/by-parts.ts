import type { StateVector } from '../machine/state-vector.js';
import { grown } from '../memory/interned-words.js';
import { endHash, placeByHash, putWord } from '../memory/word-hash.js';

/** The parts of a state that something depends on, in ascending order; maybe {@link OWN_OBSERVERS}. */
interface Shape {
  readonly index: number;
  readonly parts: readonly number[];
  /** Lines that it depends on and that are no parts, as they were never written: pool offsets in ascending order. */
  readonly unwritten: readonly number[];
}

/** What something depends on: see {@link Shape}. */
interface Dependence {
  readonly parts: readonly number[];
  readonly unwritten?: readonly number[];
}

const NO_LINES: readonly number[] = [];

/**
 * What is known of a CPU in all states that have these numbers in the parts of a shape: an entry of a list of words, which
 * are its hash, its tag, shape and CPU, where the next one begins, the numbers in the order of the parts, and more words.
 */
const ENTRY = { hash: 0, tag: 1, kind: 2, end: 3, ids: 4 } as const;

/** In the place of a part: what the observers know of the CPU's own contexts. */
export const OWN_OBSERVERS = -1;

/**
 * What is known of CPUs in states, each of it for all states that have the same numbers in some parts of their vectors: a
 * tag, and maybe more words. It lies side by side with what is compared to find it, so that it is in reach then.
 */
export class ByParts {
  /** How many entries there are. */
  size = 0;
  /** The entries, one after the other. Words that were written stay as they are, also when there is another list. */
  words = new Int32Array(FIRST_WORDS);
  private used = 0;
  private readonly shapes = new Map<string, Shape>();
  /** How many there were, with those that are gone. */
  private shapeCount = 0;
  private shapesOfLists = new WeakMap<readonly number[], Shape>();
  /** The shapes that were met with a CPU's block, by CPU and the block's number: first what something was known by last. */
  private readonly shapesOf: Map<number, Shape[]>[];
  /** Open addressing: 1 more than where the words of an entry begin, or 0. */
  private table = new Int32Array(FIRST_PLACES);

  /** @param vector of which the states are */
  constructor(
    cpus: number,
    private readonly vector: StateVector,
  ) {
    this.shapesOf = Array.from({ length: cpus }, () => new Map());
  }

  /** Bytes of memory in use. */
  get bytes(): number {
    return 4 * (this.table.length + this.words.length);
  }

  /**
   * What is known of a CPU in the state of the first `length` numbers of a vector; the others are 0.
   * @returns the place of its entry in {@link words}; -1: there is none
   */
  find(state: Int32Array, length: number, cpu: number): number {
    const shapes = this.shapesOf[cpu]?.get(state[cpu] ?? 0);
    if (shapes === undefined) return -1;
    const at = { state, length, cpu, own: this.own(state, cpu) };
    for (let i = 0; i < shapes.length; i++) {
      const shape = shapes[i] as Shape;
      const entry = this.findBy(shape, at);
      if (entry < 0) continue;
      // Of two or four shapes one is that of nearly all states.
      if (i > 0) [shapes[i - 1], shapes[i]] = [shape, shapes[i - 1] as Shape];
      return entry;
    }
    return -1;
  }

  /** The tag of an entry. */
  tagOf(entry: number): number {
    return this.words[entry + ENTRY.tag] ?? 0;
  }

  /** The place in {@link words} of the further words of an entry, of which there are `count`. */
  moreOf(entry: number, count: number): number {
    return (this.words[entry + ENTRY.end] ?? 0) - count;
  }

  /**
   * @param parts what it depends on, among them the CPU's block
   * @param unwritten pool offsets of lines that it depends on as well, and that were never written; left out by who adds
   * often with the same list of parts
   * @returns the place of its entry
   */
  add(
    state: Int32Array,
    length: number,
    cpu: number,
    { parts, unwritten }: Dependence,
    tag: number,
    more: readonly number[] = [],
  ): number {
    const shape = unwritten === undefined ? this.shapeOfList(parts) : this.shapeOf(parts, unwritten);
    const block = state[cpu] ?? 0;
    const known = this.shapesOf[cpu]?.get(block);
    if (known === undefined) this.shapesOf[cpu]?.set(block, [shape]);
    else if (!known.includes(shape)) known.push(shape);
    // Of a vector that has the parts alone there may be nothing else to ask for.
    const own = parts[0] === OWN_OBSERVERS ? this.own(state, cpu) : 0;
    const entry = this.put(shape, { state, length, cpu, own }, tag, more);
    this.size++;
    if (2 * this.size > this.table.length) this.growTable();
    return entry;
  }

  /** A line is written for the first time, by its pool offset: forgets what depends on its never having been. */
  written(line: number): void {
    const gone = new Set<Shape>();
    for (const [key, shape] of this.shapes) {
      if (!shape.unwritten.includes(line)) continue;
      gone.add(shape);
      // The words of its entries are still there: who comes with the same shape gets another one.
      this.shapes.delete(key);
    }
    if (gone.size === 0) return;
    for (const shapes of this.shapesOf)
      for (const [block, known] of shapes)
        if (known.some((shape) => gone.has(shape)))
          shapes.set(
            block,
            known.filter((shape) => !gone.has(shape)),
          );
  }

  clear(): void {
    for (const shapes of this.shapesOf) shapes.clear();
    this.shapes.clear();
    this.shapesOfLists = new WeakMap();
    this.shapeCount = 0;
    this.table = new Int32Array(FIRST_PLACES);
    this.words = new Int32Array(FIRST_WORDS);
    this.used = 0;
    this.size = 0;
  }

  /** What stands for {@link OWN_OBSERVERS} in a state. */
  private own(state: Int32Array, cpu: number): number {
    const { vector } = this;
    return vector.observersOf(state[vector.observersPart] ?? 0, state[cpu] ?? 0, cpu);
  }

  private findBy({ index, parts }: Shape, at: Place): number {
    const { table, words } = this;
    const mask = table.length - 1;
    const kind = kindOf(index, at.cpu);
    const hash = hashOf(parts, kind, at);
    for (let slot = hash & mask; table[slot] !== 0; slot = (slot + 1) & mask) {
      const entry = (table[slot] ?? 0) - 1;
      if (words[entry + ENTRY.hash] !== hash || words[entry + ENTRY.kind] !== kind) continue;
      let i = 0;
      while (i < parts.length && words[entry + ENTRY.ids + i] === idAt(parts[i] ?? 0, at)) i++;
      if (i === parts.length) return entry;
    }
    return -1;
  }

  private shapeOfList(parts: readonly number[]): Shape {
    const shape = this.shapesOfLists.get(parts) ?? this.shapeOf(parts, NO_LINES);
    this.shapesOfLists.set(parts, shape);
    return shape;
  }

  private shapeOf(parts: readonly number[], unwritten: readonly number[]): Shape {
    const key = `${parts.join()} ${unwritten.join()}`;
    const known = this.shapes.get(key);
    if (known !== undefined) return known;
    const shape = { index: this.shapeCount++, parts, unwritten };
    this.shapes.set(key, shape);
    return shape;
  }

  private put({ index, parts }: Shape, at: Place, tag: number, more: readonly number[]): number {
    const entry = this.used;
    const first = entry + ENTRY.ids + parts.length;
    this.used = first + more.length;
    if (this.used > this.words.length) this.words = grown(this.words, this.used);
    const { words } = this;
    const kind = kindOf(index, at.cpu);
    const hash = hashOf(parts, kind, at);
    words[entry + ENTRY.hash] = hash;
    words[entry + ENTRY.tag] = tag;
    words[entry + ENTRY.kind] = kind;
    words[entry + ENTRY.end] = this.used;
    for (let i = 0; i < parts.length; i++) words[entry + ENTRY.ids + i] = idAt(parts[i] ?? 0, at);
    for (let i = 0; i < more.length; i++) words[first + i] = more[i] ?? 0;
    placeByHash(this.table, hash, entry);
    return entry;
  }

  private growTable(): void {
    const { words, used } = this;
    this.table = new Int32Array(2 * this.table.length);
    for (let entry = 0; entry < used; entry = words[entry + ENTRY.end] ?? used)
      placeByHash(this.table, words[entry + ENTRY.hash] ?? 0, entry);
  }
}

const FIRST_WORDS = 1 << 14;
const FIRST_PLACES = 1 << 12;

/** A shape and a CPU in a word. */
function kindOf(shape: number, cpu: number): number {
  return (shape << 3) | cpu;
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

function hashOf(parts: readonly number[], kind: number, at: Place): number {
  let h = kind;
  for (let i = 0; i < parts.length; i++) h = putWord(h, idAt(parts[i] ?? 0, at));
  return endHash(h);
}
