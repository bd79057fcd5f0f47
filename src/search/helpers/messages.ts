import type { VectorContents } from '../../machine/vector-contents.js';
import type { Experience } from '../experience.js';
import type { MoveShape } from '../move.js';
import type { SavedConclusions } from '../reduction/conclusions.js';
import type { Findings } from './findings.js';

/** What the moves of a search rest on at some time. */
export interface Basis {
  readonly experience: Experience;
  readonly conclusions: SavedConclusions;
}

/** What a search asks a helper, as plain data: each request goes on from those before. */
export interface Request {
  /** A number for the basis that holds now, and the basis if it is another one than before. */
  readonly version: number;
  readonly basis: Basis | undefined;
  /** Contents that came about since the last request. */
  readonly contents: VectorContents;
  /** Questions, each as long as {@link length} says: the number of a state, a CPU, the vector of the state. */
  readonly questions: Int32Array;
  readonly length: number;
}

/** Where the vector begins in a question. */
export const QUESTION_HEAD = 2;

/** What was found out on a basis, as plain data. Answers name data by their place in all lists of a helper so far. */
export interface Answers {
  readonly version: number;
  readonly findings: readonly Findings[];
  readonly shapes: readonly MoveShape[];
  /**
   * For what was met of a CPU: the CPU, which findings, how many moves; the numbers of the parts of the state that the
   * findings name; then for each move which shape, and the new numbers of the parts that it changes.
   */
  readonly words: Int32Array;
}

/** Where the numbers of parts begin in an answer. */
export const ANSWER_HEAD = 3;

/** The way to a helper and back. */
export interface HelperPort {
  post(request: Request): void;
  /** The next answers, if some have come. */
  take(): Answers | undefined;
}
