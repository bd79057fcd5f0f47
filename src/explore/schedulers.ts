import { PctScheduler } from './pct-scheduler.js';
import { RandomScheduler } from './random-scheduler.js';
import { RoundRobin } from './round-robin.js';
import type { Scheduler } from './scheduler.js';
import { StarveScheduler } from './starve-scheduler.js';

/** The schedulers by name; those that draw random numbers are given a seed. */
export const SCHEDULERS = {
  'round-robin': () => new RoundRobin(),
  random: (seed: number) => new RandomScheduler(seed),
  pct: (seed: number) => new PctScheduler(seed),
  starve: (seed: number) => new StarveScheduler(seed),
} as const satisfies Readonly<Record<string, (seed: number) => Scheduler>>;

/** The name of a scheduler. */
export type SchedulerName = keyof typeof SCHEDULERS;
