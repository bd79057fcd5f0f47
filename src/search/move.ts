import type { Stop } from '../machine/delivery.js';
import type { Step } from '../machine/step.js';
import type { Violation } from '../property/violation.js';

/** One step from a state, and what it makes of it. */
export interface Move {
  readonly step: Step;
  /** The parts of the state that change, and their new numbers. */
  readonly parts: readonly number[];
  readonly ids: readonly number[];
  /** It fetched what memory holds, or fetched nothing. */
  readonly fetchesCurrent: boolean;
  /** It ended a handler: leaving the CPU then is no preemption. */
  readonly endsHandler: boolean;
  /** Nobody goes on from there: a property does not hold, or an instruction is not implemented. */
  readonly violation: Violation | undefined;
  readonly unsupported: Stop | undefined;
}

/** All moves of one CPU, in the order of its enabled steps. */
export type Moves = readonly Move[];

/** Whatever knows the moves of a CPU in the state of the first `length` numbers of a vector; the others are 0. */
export interface MoveSource {
  moves(state: Int32Array, length: number, cpu: number): Moves;
}
