import type { Stop } from '../machine/delivery.js';
import type { Step } from '../machine/step.js';
import type { Violation } from '../property/violation.js';
import type { Accesses } from './reduction/accesses.js';
import type { Locality } from './reduction/locality.js';

/** A step: one of those that are enabled on a CPU. */
export interface WayStep {
  readonly cpu: number;
  readonly choice: number;
}

/** One step from a state, or several of one CPU, and what they make of it. */
export interface Move {
  /** The first step. */
  readonly step: Step;
  readonly steps: readonly WayStep[];
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
  /** Of a single step that is local; asked for where steps are fused. */
  readonly locality?: Locality | undefined;
}

/** All moves of one CPU. */
export interface Moves {
  /** In the order of its enabled steps. */
  readonly list: readonly Move[];
  /** What finding them and doing any of them accesses; told where steps are fused. */
  readonly accesses?: Accesses | undefined;
  /** What is put off until one of them is done, on the understanding that nobody races with it: its accesses. */
  readonly delayed?: Accesses | undefined;
}

/** Whatever knows the moves of a CPU in the state of the first `length` numbers of a vector; the others are 0. */
export interface MoveSource {
  moves(state: Int32Array, length: number, cpu: number): Moves;
}
