import type { Machine } from '../machine/machine.js';
import type { Step } from '../machine/step.js';

/** Chooses which of the enabled steps comes next. */
export interface Scheduler {
  /** Its name and what makes it repeatable, for reports: `random seed 7`. */
  readonly description: string;
  /** The next step; undefined when none is enabled. */
  next(machine: Machine): Step | undefined;
}
