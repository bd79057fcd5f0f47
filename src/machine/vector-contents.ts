import type { SavedObservers, States } from './observer-states.js';

/** What the numbers of a `StateVector` mean: contents, and in which order what they are made of was met. */
export interface SavedVector {
  readonly words: Int32Array;
  readonly lengths: Int32Array;
  /** The words of blocks that are not 0 somewhere: of CPUs, and of tasks and budgets. */
  readonly cpuWords: readonly number[];
  readonly otherWords: readonly number[];
  readonly fetches: readonly number[];
  readonly observers: SavedObservers;
}

/** How many contents of each kind there are. */
export interface ContentsMark {
  readonly words: number;
  readonly fetches: number;
  readonly observers: number;
}

/** Contents with the numbers that they have in one `StateVector`, as plain data. */
export interface VectorContents {
  /** Sequences of words, one after the other, and how long each is. */
  readonly words: Int32Array;
  readonly lengths: Int32Array;
  /** The numbers of those that say what may be fetched. */
  readonly fetches: readonly number[];
  readonly observers: readonly (readonly [number, States])[];
}

/** By the number of a content in one `StateVector`, its number in another. */
export interface AdoptedContents {
  readonly words: number[];
  readonly observers: Map<number, number>;
}
