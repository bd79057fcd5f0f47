import { hashWords, placeByHash } from '../memory/word-hash.js';
import { type FingerprintKind, Fingerprints } from './fingerprints.js';
import type { MovedVector } from './moved-vector.js';
import { lengthWithoutZeros, Vectors } from './vectors.js';

/** Room for so many states in the beginning. */
const FIRST_STATES = 1 << 14;

/** How a state was reached first. */
export interface Origin {
  /** The number of the state before; -1 of the first. */
  readonly from: number;
  readonly cpu: number;
  /** Which of the steps that were enabled on the CPU. */
  readonly choice: number;
}

/** The same, and how many steps it is from the first state. */
export interface Arrival extends Origin {
  readonly distance: number;
}

/** Of each state the one before, the step as {@link StateTable.stepOf} reads it, how far it is, and its hash. */
export interface Columns {
  readonly parents: Int32Array;
  readonly steps: Uint32Array;
  readonly distances: Int32Array;
  readonly hashes: Int32Array;
}

/**
 * The states that were found, as vectors of numbers, each once and in the order in which they were found, with the step
 * that found them. Vectors are compared word by word; numbers that are left out at the end are 0. When there is no room
 * for them any more fingerprints take their place.
 */
export class StateTable {
  /** How many states there are. */
  count = 0;
  readonly vectors: Vectors;
  /** Undefined: vectors are compared. */
  fingerprints: Fingerprints | undefined;
  private parents = new Int32Array(FIRST_STATES);
  /** CPU and choice: a fetch may have very many results. */
  private steps = new Uint32Array(FIRST_STATES);
  /** First lanes of fingerprints where those are compared. */
  private hashes = new Int32Array(FIRST_STATES);
  /** Steps from the first state, as far as is known. */
  private distances = new Int32Array(FIRST_STATES);
  /** Open addressing: number + 1, or 0. A power of two long and at most half full. */
  private table = new Int32Array(4 * FIRST_STATES);
  /** How many states that {@link placeOf} has passed have the same first lane. */
  private passed = 0;

  /**
   * @param length how long vectors are likely to become
   * @param shift see {@link Vectors}
   */
  constructor(length: number, shift?: number) {
    this.vectors = new Vectors(length, shift);
  }

  /**
   * Finds a vector, or adds it as the next state.
   * @returns its number; it is new if that was {@link count}.
   */
  insert(vector: Int32Array, length: number, { from, cpu, choice, distance }: Arrival): number {
    const end = lengthWithoutZeros(vector, length);
    if (end > this.vectors.stride) this.vectors.widen(end);
    const hash = this.hashOf(vector, end);
    const at = this.placeOf(hash, vector, end);
    const entry = this.table[at] ?? 0;
    if (entry !== 0) return entry - 1;
    const state = this.count++;
    if (state >= this.parents.length) this.grow();
    this.vectors.add(state, vector, end);
    this.fingerprints?.add(state, this.passed);
    this.table[at] = state + 1;
    this.hashes[state] = hash;
    this.parents[state] = from;
    this.steps[state] = (choice << 3) | cpu;
    this.distances[state] = distance;
    if (2 * this.count > this.table.length) this.place(2 * this.table.length);
    return state;
  }

  /** The number of a vector; undefined when it is not there. */
  find(vector: Int32Array, length: number): number | undefined {
    const end = lengthWithoutZeros(vector, length);
    if (end > this.vectors.stride) return undefined;
    const entry = this.table[this.placeOf(this.hashOf(vector, end), vector, end)] ?? 0;
    return entry === 0 ? undefined : entry - 1;
  }

  private hashOf(vector: Int32Array, end: number): number {
    return this.fingerprints === undefined ? hashWords(vector, end) : this.fingerprints.of(vector, end).first;
  }

  /** Where in the table a vector stands, or would. */
  private placeOf(hash: number, vector: Int32Array, end: number): number {
    const { fingerprints, vectors } = this;
    const mask = this.table.length - 1;
    this.passed = 0;
    let at = hash & mask;
    for (let entry = this.table[at] ?? 0; entry !== 0; entry = this.table[at] ?? 0) {
      if (this.hashes[entry - 1] === hash) {
        const isSame = fingerprints?.isSecondOf(entry - 1) ?? vectors.equals(entry - 1, vector, end);
        if (isSame) break;
        this.passed++;
      }
      at = (at + 1) & mask;
    }
    return at;
  }

  /**
   * From now on fingerprints are compared, and vectors dropped when their states have been looked at.
   * @param waits 1 for each state that is to be looked at
   */
  useFingerprints(kind: FingerprintKind, waits: Uint8Array): void {
    const fingerprints = new Fingerprints(kind);
    const vector = new Int32Array(this.vectors.stride);
    this.table.fill(0);
    let clashes = 0;
    this.fingerprints = fingerprints;
    for (let state = 0; state < this.count; state++) {
      this.vectors.read(state, vector);
      const { first } = fingerprints.of(vector, lengthWithoutZeros(vector, vector.length));
      const at = this.placeOf(first, vector, vector.length);
      if (this.table[at] === 0) this.table[at] = state + 1;
      else clashes++;
      this.hashes[state] = first;
      fingerprints.put(state);
    }
    fingerprints.begin(this.count, clashes);
    this.vectors.dropLooked(waits);
  }

  /** Copies the vector of a state, which has not been dropped, to the beginning of `out`. */
  read(state: number, out: Int32Array): void {
    this.vectors.read(state, out);
  }

  /** How many words {@link read} copies. */
  get length(): number {
    return this.vectors.stride;
  }

  get columns(): Columns {
    const { parents, steps, distances, hashes, count } = this;
    return {
      parents: parents.subarray(0, count),
      steps: steps.subarray(0, count),
      distances: distances.subarray(0, count),
      hashes: hashes.subarray(0, count),
    };
  }

  /** Brings an empty table to where another one was that compared fingerprints; vectors apart. */
  load({ parents, steps, distances, hashes }: Columns, fingerprints: Fingerprints): void {
    this.count = parents.length;
    this.fingerprints = fingerprints;
    while (this.parents.length < this.count) this.grow();
    this.parents.set(parents);
    this.steps.set(steps);
    this.distances.set(distances);
    this.hashes.set(hashes);
    let { length } = this.table;
    while (2 * this.count > length) length *= 2;
    this.place(length);
  }

  static stepOf(step: number): Pick<Origin, 'cpu' | 'choice'> {
    return { cpu: step & 7, choice: step >>> 3 };
  }

  distanceOf(state: number): number {
    return this.distances[state] ?? 0;
  }

  /** A nearer way to a state that is still to be looked at was found, which leads to a vector that is taken for its own. */
  approach(state: number, { from, cpu, choice, distance }: Arrival, { words, length }: MovedVector): void {
    if (this.fingerprints !== undefined) this.vectors.replace(state, words, lengthWithoutZeros(words, length));
    this.parents[state] = from;
    this.steps[state] = (choice << 3) | cpu;
    this.distances[state] = distance;
  }

  originOf(state: number): Origin {
    return { from: this.parents[state] ?? -1, ...StateTable.stepOf(this.steps[state] ?? 0) };
  }

  /** Bytes of memory in use. */
  get bytes(): number {
    const { parents, steps, hashes, distances, table } = this;
    const words = parents.length + steps.length + hashes.length + distances.length + table.length;
    return this.vectors.bytes + (this.fingerprints?.bytes ?? 0) + 4 * words;
  }

  private grow(): void {
    const [parents, steps, hashes] = [this.parents, this.steps, this.hashes];
    this.parents = new Int32Array(2 * parents.length);
    this.parents.set(parents);
    this.steps = new Uint32Array(2 * steps.length);
    this.steps.set(steps);
    const { distances } = this;
    this.distances = new Int32Array(2 * distances.length);
    this.distances.set(distances);
    this.hashes = new Int32Array(2 * hashes.length);
    this.hashes.set(hashes);
  }

  /** Places all states in a table of so many entries. */
  private place(length: number): void {
    this.table = new Int32Array(length);
    for (let state = 0; state < this.count; state++) placeByHash(this.table, this.hashes[state] ?? 0, state);
  }
}
