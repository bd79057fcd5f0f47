import type { StrategyTally } from '../explore/hunt/hunt.js';
import type { Shrunk } from '../explore/schedule-file.js';
import type { HuntStrategy, StrategyName } from '../explore/strategy/strategies.js';
import type { Verdict } from '../explore/verdict.js';
import type { GoalResult } from '../property/goal.js';
import type { Counterexample } from './check-report.js';
import type { Conditions } from './conditions.js';
import type { Expected } from './run-report.js';

/** What many random executions of one variant have shown. */
export interface HuntReport extends Conditions {
  /** Undefined: the scenario as written. */
  readonly variant: string | undefined;
  readonly verdict: Verdict;
  readonly expected: Expected | undefined;
  readonly strategy: HuntStrategy;
  /** Undefined: as many as the strategies like. */
  readonly preemptions: number | undefined;
  readonly seed: number;
  readonly executions: number;
  /** Of all executions together, and the most of one. */
  readonly steps: number;
  readonly limit: number;
  /** What each strategy did. */
  readonly tallies: ReadonlyMap<StrategyName, StrategyTally>;
  readonly goals: readonly GoalResult[];
  /** What stood in the way of a verdict, line by line. */
  readonly details: readonly string[];
  /** That of the verdict first; others by the execution that met them first. */
  readonly violations: readonly HuntedViolation[];
  /** How many more there were. */
  readonly untold: number;
}

/** A violation that was found, and the schedule to it, made short. */
export interface HuntedViolation {
  readonly property: string;
  /** The site, or the nearest symbol. */
  readonly place: string;
  /** The first execution that met it. */
  readonly execution: number;
  readonly strategy: StrategyName;
  /** The executions that met it, by strategy. */
  readonly by: ReadonlyMap<StrategyName, { readonly count: number; readonly first: number }>;
  readonly shrunk: Shrunk;
  /** Changes of CPU. */
  readonly switches: number;
  readonly counterexample: Counterexample;
}
