import { RandomScheduler } from '../random-scheduler.js';
import { StarveScheduler } from '../starve-scheduler.js';
import { BoundedPreemptions } from './bounded-preemptions.js';
import type { Chooser } from './chooser.js';
import { Pct } from './pct.js';
import { Pos } from './pos.js';
import type { Rehearsal } from './rehearsal.js';
import { Surw } from './surw.js';

/** Change points of `pct` where nobody says how many: bugs of depth 3. */
export const CHANGE_POINTS = 2;

/** What the strategies of a hunt have in common. */
export interface StrategySetting {
  readonly rehearsal: Rehearsal;
  /** The change points of `pct`, and the most preemptions of the others; undefined: as many as they like. */
  readonly preemptions: number | undefined;
}

/** Makes the chooser of one execution. */
type Strategy = (seed: number, setting: StrategySetting) => Chooser;

const bounded =
  (make: Strategy): Strategy =>
  (seed, setting) => {
    const chooser = make(seed, setting);
    const { preemptions } = setting;
    return preemptions === undefined ? chooser : new BoundedPreemptions(chooser, preemptions);
  };

/** The strategies by name, in the order in which a portfolio takes turns. */
export const STRATEGIES = {
  uniform: bounded((seed) => new RandomScheduler(seed)),
  pct: (seed, { rehearsal, preemptions = CHANGE_POINTS }) =>
    new Pct(seed, { length: rehearsal.length, changePoints: preemptions }),
  pos: bounded((seed) => new Pos(seed)),
  surw: bounded((seed, { rehearsal }) => new Surw(seed, rehearsal)),
  starve: bounded((seed) => new StarveScheduler(seed)),
} as const satisfies Readonly<Record<string, Strategy>>;

export type StrategyName = keyof typeof STRATEGIES;
export const STRATEGY_NAMES = Object.keys(STRATEGIES) as readonly StrategyName[];

/** What a hunt may be told to use: one strategy, or all in turn. */
export const HUNT_STRATEGIES = [...STRATEGY_NAMES, 'portfolio'] as const;
export type HuntStrategy = (typeof HUNT_STRATEGIES)[number];

/** The strategy of an execution, counting from 1. */
export function strategyOf(strategy: HuntStrategy, execution: number): StrategyName {
  return strategy === 'portfolio' ? (STRATEGY_NAMES[(execution - 1) % STRATEGY_NAMES.length] ?? 'uniform') : strategy;
}
