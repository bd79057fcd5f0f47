import type { Machine } from '../machine/machine.js';
import type { Step } from '../machine/step.js';
import type { WayStep } from './move.js';

/** The steps of a way, done on a machine that is in the state where the search began. */
export function stepsOfWay(machine: Machine, way: readonly WayStep[]): Step[] {
  return way.map(({ cpu, choice }) => {
    const enabled: Step[] = [];
    machine.enabledOn(cpu, enabled);
    const step = enabled[choice];
    if (step === undefined) throw new Error(`the search has found a step on CPU ${cpu} that is not enabled`);
    machine.apply(step);
    return step;
  });
}
