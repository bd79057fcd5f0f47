import type { Machine } from '../machine/machine.js';
import type { Step } from '../machine/step.js';
import type { Scheduler } from './scheduler.js';

/** Every CPU in turn does one step: its pending interrupt if it can, else what it would do next. */
export class RoundRobin implements Scheduler {
  readonly description = 'round-robin';

  /** @param turn the CPU that did the last step; -1: nobody did one */
  constructor(private turn = -1) {}

  next(machine: Machine): Step | undefined {
    const steps: Step[] = [];
    for (let tried = 0; tried < machine.cpuCount; tried++) {
      this.turn = (this.turn + 1) % machine.cpuCount;
      machine.enabledOn(this.turn, steps);
      if (steps[0] !== undefined) return steps[0];
    }
    return undefined;
  }
}
