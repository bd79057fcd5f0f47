import { Int32List } from '../../memory/int32-list.js';
import { hashWords } from '../../memory/word-hash.js';
import type { MovedVector } from '../moved-vector.js';
import type { StateTable } from '../state-table.js';

/** Of a large group only the newest states are compared: what is missed costs states, and nothing else. */
const MOST_COMPARED = 32;
const MOST_KNOWN = 1 << 20;

/** Where a search is when it comes to a state. */
export interface Reached {
  /** How far away the state is, and how far those are that are being looked at. */
  readonly distance: number;
  readonly looking: number;
  /** Distances have to be right: a state is subsumed only by one that is as near. */
  readonly isExact: boolean;
  /** The first state of the layer after the one that is being looked at. */
  readonly nextLayer: number;
}

/**
 * Finds states that differ in nothing but what may be fetched, of which one allows all that the other does: whatever the
 * other leads to, it leads to as well (docs/soundness/subsumption.md).
 */
export class Subsumption {
  /** The last state of each group, by the hash of what its states have in common; and before each state the one before. */
  private readonly last = new Map<number, number>();
  private readonly before = new Int32List();
  private readonly known = new Map<number, boolean>();
  private scratch = new Int32Array(64);
  /** States that need not be looked at, and those that subsume them. */
  readonly covered = new Map<number, number>();

  /**
   * @param part of the vector, that says what may be fetched
   * @param allowsMore whether the first number of that part allows all that the second does
   */
  constructor(
    private readonly part: number,
    private readonly allowsMore: (more: number, less: number) => boolean,
  ) {}

  /** The states so far that differ from a vector in what may be fetched alone, the newest first; of those that have vectors. */
  *group(
    states: StateTable,
    vector: Int32Array,
    length: number,
  ): Generator<{ readonly state: number; readonly fetches: number }> {
    const { part } = this;
    let state = this.last.get(this.hash(vector, length)) ?? -1;
    for (let looked = 0; state >= 0 && looked < MOST_COMPARED; state = this.before.at(state)) {
      if (!states.vectors.has(state)) continue;
      looked++;
      if (this.scratch.length < states.length) this.scratch = new Int32Array(2 * states.length);
      states.read(state, this.scratch);
      if (isSame(vector, length, this.scratch, states.length, part)) yield { state, fetches: this.scratch[part] ?? 0 };
    }
  }

  /**
   * A state that subsumes a new one; those that this will subsume itself need not be looked at any more.
   * @param at how far away the new state is, and which states wait to be looked at
   */
  subsumer(states: StateTable, { words, length }: MovedVector, at: Reached): number | undefined {
    const comparesVectors = states.fingerprints === undefined;
    if (comparesVectors && states.find(words, length) !== undefined) return undefined;
    const fetches = words[this.part] ?? 0;
    const less: number[] = [];
    for (const other of this.group(states, words, length)) {
      const away = states.distanceOf(other.state);
      const isAsNear = !at.isExact || away <= at.distance;
      if (isAsNear && this.includes(other.fetches, fetches)) return other.state;
      const waits = at.isExact ? away > at.looking && away >= at.distance : other.state >= at.nextLayer;
      if (waits && this.includes(fetches, other.fetches)) less.push(other.state);
    }
    // Who is asked last is right with a probability only: what vectors say is not left to fingerprints.
    if (!comparesVectors && states.find(words, length) !== undefined) return undefined;
    // The new state comes next.
    for (const other of less) this.covered.set(other, states.count);
    return undefined;
  }

  /** A state that subsumes this one, found later, and is as near: this one need not be looked at. */
  coverOf(state: number): number | undefined {
    return this.covered.get(state);
  }

  /** Adds a new state. */
  add(state: number, vector: Int32Array, length: number): void {
    const hash = this.hash(vector, length);
    this.before.set(state, this.last.get(hash) ?? -1);
    this.last.set(hash, state);
  }

  /** The states before `first` have no vectors any more: they are not compared with. */
  forget(first: number): void {
    for (const [hash, state] of this.last) if (state < first) this.last.delete(hash);
  }

  /** Whether what may be fetched under one number is all that may be under another. */
  includes(more: number, less: number): boolean {
    const key = more * 2 ** 26 + less;
    let answer = this.known.get(key);
    if (answer === undefined) {
      answer = this.allowsMore(more, less);
      if (this.known.size >= MOST_KNOWN) this.known.clear();
      this.known.set(key, answer);
    }
    return answer;
  }

  /** Bytes of memory in use, estimated. */
  get bytes(): number {
    return this.before.bytes + 40 * (this.last.size + this.known.size + this.covered.size);
  }

  private hash(vector: Int32Array, length: number): number {
    const fetches = vector[this.part] ?? 0;
    vector[this.part] = 0;
    let end = length;
    while (end > 0 && vector[end - 1] === 0) end--;
    const hash = hashWords(vector, end);
    vector[this.part] = fetches;
    return hash;
  }
}

function isSame(a: Int32Array, lengthA: number, b: Int32Array, lengthB: number, except: number): boolean {
  const length = Math.max(lengthA, lengthB);
  for (let i = 0; i < length; i++) {
    if (i !== except && (i < lengthA ? a[i] : 0) !== (i < lengthB ? b[i] : 0)) return false;
  }
  return true;
}
