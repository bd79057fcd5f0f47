import type { Machine } from '../../machine/machine.js';
import type { Step } from '../../machine/step.js';

/** What may be chosen from: everything that is enabled, or less. */
export interface Choices {
  readonly cpuCount: number;
  /** Adds the steps of one CPU to `steps`. */
  enabledOn(cpu: number, steps: Step[]): void;
}

/** Chooses the steps of one execution, from everything that is enabled or from less. */
export interface Chooser {
  /** The next step; undefined when there is none to choose. The machine may be looked at, not changed. */
  next(choices: Choices, machine: Machine): Step | undefined;
}

/** The steps of one CPU. */
export function stepsOn(choices: Choices, cpu: number): Step[] {
  const steps: Step[] = [];
  choices.enabledOn(cpu, steps);
  return steps;
}
