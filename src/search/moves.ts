import type { Step } from '../machine/step.js';
import type { Violation } from '../property/violation.js';

/** One step from a state, and what it makes of it. */
export interface Move {
  readonly step: Step;
  /** The parts of the state that change, and their new numbers. */
  readonly parts: readonly number[];
  readonly ids: readonly number[];
  /** The property that the step violates. */
  readonly violation: Violation | undefined;
}

/** All moves of one CPU, in the order of its enabled steps. */
export type Moves = readonly Move[];
