import { fetchesCurrent } from '../machine/fetch-view.js';
import type { Machine } from '../machine/machine.js';
import type { StateVector } from '../machine/state-vector.js';
import type { Step } from '../machine/step.js';
import type { Footprint } from '../memory/footprint.js';
import type { Monitors } from '../property/monitors.js';
import type { Move, MoveSource, Moves } from './move.js';

/** Finds the moves of a state by doing them on the machine. */
export class MoveMaker implements MoveSource {
  constructor(
    readonly machine: Machine,
    private readonly monitors: Monitors,
    readonly vector: StateVector,
  ) {}

  /** @param footprint notes what they look at and what they write */
  moves(state: Int32Array, length: number, cpu: number, footprint?: Footprint): Moves {
    const { machine, vector } = this;
    const steps: Step[] = [];
    vector.write(state, length);
    machine.memory.footprint = footprint;
    machine.enabledOn(cpu, steps);
    const moves: Move[] = [];
    for (const step of steps) {
      machine.memory.footprint = undefined;
      if (moves.length > 0) vector.write(state, length);
      machine.memory.footprint = footprint;
      moves.push(this.do(step, state, length, footprint));
    }
    machine.memory.footprint = undefined;
    return moves;
  }

  private do(step: Step, state: Int32Array, length: number, footprint: Footprint | undefined): Move {
    const { machine, vector } = this;
    const context = machine.context(step.cpu);
    const { depth } = context;
    const isCurrent = fetchesCurrent(machine, step);
    machine.apply(step);
    vector.read(footprint);
    const { violation } = this.monitors;
    const unsupported = machine.stopped?.kind === 'unsupported' ? machine.stopped : undefined;
    const parts: number[] = [];
    const ids: number[] = [];
    for (let part = 0; part < vector.length; part++) {
      const id = vector.ids[part] ?? 0;
      if (id === (part < length ? state[part] : 0)) continue;
      parts.push(part);
      ids.push(id);
    }
    return { step, parts, ids, fetchesCurrent: isCurrent, endsHandler: context.depth < depth, violation, unsupported };
  }
}
