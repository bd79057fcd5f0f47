import type { SavedObservers, States } from './observer-states.js';

/** The words of blocks that are not 0 somewhere, in the order in which they were met: of CPUs, and of tasks and budgets. */
export interface LiveLists {
  readonly cpuWords: readonly number[];
  readonly otherWords: readonly number[];
}

/** What the numbers of a `StateVector` mean, whose words of blocks are listed as {@link LiveLists} says. */
export interface SavedVector {
  readonly words: Int32Array;
  readonly lengths: Int32Array;
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
