import type { Machine } from '../machine/machine.js';
import type { StateVector } from '../machine/state-vector.js';
import type { Step } from '../machine/step.js';
import type { Footprint } from '../memory/footprint.js';
import type { Monitors } from '../property/monitors.js';
import type { Move, Moves } from './moves.js';

/** Finds the moves of a state by doing them on the machine. */
export class MoveMaker {
  constructor(
    readonly machine: Machine,
    private readonly monitors: Monitors,
    readonly vector: StateVector,
  ) {}

  /**
   * The moves of a CPU in the state of the first `length` numbers of `state`; numbers that are left out are 0.
   * @param footprint notes what they look at
   */
  moves(state: Int32Array, length: number, cpu: number, footprint?: Footprint): Moves {
    const { machine, vector } = this;
    const steps: Step[] = [];
    vector.write(state, length);
    machine.footprint = footprint;
    machine.enabledOn(cpu, steps);
    machine.footprint = undefined;
    return steps.map((step, index) => {
      if (index > 0) vector.write(state, length);
      machine.footprint = footprint;
      machine.apply(step);
      machine.footprint = undefined;
      return this.moveOf(step, state, length, footprint);
    });
  }

  private moveOf(step: Step, state: Int32Array, length: number, footprint: Footprint | undefined): Move {
    const { vector } = this;
    const { violation } = this.monitors;
    const parts: number[] = [];
    const ids: number[] = [];
    vector.read(footprint);
    // Nobody goes on from there.
    if (violation !== undefined) return { step, parts, ids, violation };
    for (let part = 0; part < vector.length; part++) {
      const id = vector.ids[part] ?? 0;
      if (id === (part < length ? state[part] : 0)) continue;
      parts.push(part);
      ids.push(id);
    }
    return { step, parts, ids, violation: undefined };
  }
}
