import type { MachineEvent } from '../machine/event.js';
import type { Machine } from '../machine/machine.js';
import type { ReusedRange } from './reused-range.js';
import type { SiteTracker } from './site-tracker.js';

/** What goals look at beside the machine. */
export interface GoalScope {
  readonly tracker: SiteTracker;
  /** Text that a handler sends contexts through: stubs. */
  readonly detours: readonly ReusedRange[];
}

/**
 * Something that has to happen for a verdict to mean anything. It depends on one event, or on one state: it has no state
 * of its own, because what was once met stays met.
 */
export interface GoalCondition {
  readonly observe?: (event: MachineEvent, machine: Machine, scope: GoalScope) => boolean;
  /** After every step. */
  readonly after?: (machine: Machine, scope: GoalScope) => boolean;
  /** Whether it asks what all CPUs are doing at once. Default: no. */
  readonly ofAllCpus?: boolean;
}

/** A goal and whether it was reached. */
export interface GoalResult {
  /** As the algorithm declares it, or `sometimes` or `finally` and the name of a check of the scenario. */
  readonly name: string;
  readonly reached: boolean;
}
