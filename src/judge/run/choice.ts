import type { SchedulerName } from '../../explore/schedulers.js';

/** Largest seed: the generator has 32 bits. */
export const MAX_SEED = 0xffffffff;

/** Steps of an execution where neither the choice nor the scenario says. */
export const DEFAULT_STEPS = 100_000;

/** How a variant is executed. */
export interface RunChoice {
  readonly scheduler: SchedulerName;
  /** Of the first execution; each of the others has the next one. */
  readonly seed: number;
  /** Most executions; a violation ends them. */
  readonly runs: number;
  /** Most steps of an execution; undefined: as the scenario says. */
  readonly steps: number | undefined;
  /** Whether the last execution is kept as a schedule even if nothing was violated. */
  readonly keepSchedule: boolean;
}
