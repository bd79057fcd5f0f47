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

/** What moves have in common that do the same to different states: all but the numbers that parts get. */
export interface MoveShape {
  /** The first step. */
  readonly step: Step;
  readonly steps: readonly WayStep[];
  /** The parts of the state that change, in ascending order. */
  readonly parts: readonly number[];
  /** It fetched what memory holds, or fetched nothing. */
  readonly fetchesCurrent: boolean;
  /** It ended a handler: leaving the CPU then is no preemption. */
  readonly endsHandler: boolean;
  /** Nobody goes on from there: a property does not hold, or an instruction is not implemented. */
  readonly violation?: Violation | undefined;
  readonly unsupported?: Stop | undefined;
  /** Of a single step that is local; asked for where steps are fused. */
  readonly locality?: Locality | undefined;
}

/** Shapes are looked at very often, which is done sooner if all are laid out alike. */
export function moveShape(shape: MoveShape): MoveShape {
  const { step, steps, parts, fetchesCurrent, endsHandler, violation, unsupported, locality } = shape;
  return { step, steps, parts, fetchesCurrent, endsHandler, violation, unsupported, locality };
}

/** One step from a state, or several of one CPU, and what they make of it. */
export class Move {
  /** @param ids the new numbers of the parts that change lie there one after the other, from `at` on */
  constructor(
    readonly shape: MoveShape,
    readonly ids: Int32Array | readonly number[],
    readonly at = 0,
  ) {}

  get step(): Step {
    return this.shape.step;
  }

  get steps(): readonly WayStep[] {
    return this.shape.steps;
  }

  get parts(): readonly number[] {
    return this.shape.parts;
  }

  /** The new number of the `i`-th part that changes. */
  idAt(i: number): number {
    return this.ids[this.at + i] ?? 0;
  }

  get fetchesCurrent(): boolean {
    return this.shape.fetchesCurrent;
  }

  get endsHandler(): boolean {
    return this.shape.endsHandler;
  }

  get violation(): Violation | undefined {
    return this.shape.violation;
  }

  get unsupported(): Stop | undefined {
    return this.shape.unsupported;
  }

  get locality(): Locality | undefined {
    return this.shape.locality;
  }
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
