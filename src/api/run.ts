import type { Schedule } from '../explore/schedule-file.js';
import { SCHEDULERS, type SchedulerName } from '../explore/schedulers.js';
import { MAX_SEED, type RunChoice } from '../judge/run/choice.js';
import { type RunProgress, runVariant, type VariantResult } from '../judge/run/run-variant.js';
import type { Watcher } from '../judge/watcher.js';
import type { VariantReport } from '../report/run-report.js';
import type { LoadedScenario } from '../scenario/load.js';
import {
  type AbortOptions,
  type ProgressOptions,
  recipeOf,
  requireInteger,
  requireKnown,
  surroundingsOf,
  type VariantOptions,
} from './options.js';
import { type ResultBase, resultBase, type ToldViolation, toldViolation } from './result.js';

/** How a variant is executed. The names are those of the flags of `xmc run`. */
export interface RunOptions extends VariantOptions, AbortOptions, ProgressOptions<RunProgress> {
  /** What chooses the next step. Default: random. */
  readonly scheduler?: SchedulerName | undefined;
  /** Of the scheduler, and of RDRAND; of the first execution. Default: 1. */
  readonly seed?: number | undefined;
  /** Executions, each with the next seed, up to the first violation. Default: 1. */
  readonly runs?: number | undefined;
  /** Most steps of an execution. Default: what the scenario says, or 100,000. */
  readonly steps?: number | undefined;
  /** Whether the result has the schedule of the last execution even if nothing was violated. Default: false. */
  readonly keepSchedule?: boolean | undefined;
}

/** What executions have shown; `verdict` says which of the three it is. */
export type RunResult = NoBugFoundRun | ViolatedRun | InconclusiveRun;

/** What all results of executions have in common. */
export interface RunResultBase extends ResultBase {
  /** What chose the steps of the last execution: `random seed 7`. */
  readonly scheduler: string;
  readonly executions: number;
  /** Of all executions together. */
  readonly steps: number;
  /** How the last execution ended. */
  readonly end: VariantReport['end'];
  /** The hash of its last state. */
  readonly hash: string;
  /**
   * The last execution, for {@link replay} and {@link scheduleText}: of a violation, or if it was asked for. Undefined also where it has
   * more steps than a schedule may hold.
   */
  readonly schedule: Schedule | undefined;
}

/** Nothing was violated, in these executions. */
export interface NoBugFoundRun extends RunResultBase {
  readonly verdict: 'no-bug-found';
}

/** The last execution violates a property. */
export interface ViolatedRun extends RunResultBase {
  readonly verdict: 'violated';
  /** The name of the property. */
  readonly property: string;
  readonly violation: ToldViolation;
}

/** Some execution could not go on. */
export interface InconclusiveRun extends RunResultBase {
  readonly verdict: 'inconclusive';
  /** `deadlock`, `unsupported instruction`, `a CPU stopped`, `interrupted`. */
  readonly reason: string;
}

/**
 * Executes a variant once, or several times, under a scheduler. The same options give the same result.
 *
 * @example
 * const result = await run(scenario, { variant: 'plain', scheduler: 'pct', seed: 7, runs: 100 });
 * if (result.verdict === 'violated') console.log(result.violation.story());
 *
 * @throws InputError when the scenario cannot be built or an option is wrong.
 */
export async function run(scenario: LoadedScenario, options: RunOptions = {}): Promise<RunResult> {
  return watchedRun(scenario, options, []);
}

/** Executes a variant while somebody watches. */
export async function watchedRun(
  scenario: LoadedScenario,
  options: RunOptions,
  watchers: readonly Watcher[],
): Promise<RunResult> {
  const choice = choiceOf(options);
  const recipe = recipeOf(scenario, options);
  return runResult(scenario.name, await runVariant(recipe, { choice, watchers, ...surroundingsOf(options) }));
}

function choiceOf(options: RunOptions): RunChoice {
  const { scheduler = 'random', seed = 1, runs = 1, steps, keepSchedule = false } = options;
  requireKnown('scheduler', scheduler, Object.keys(SCHEDULERS));
  requireInteger('seed', seed, 0, MAX_SEED);
  requireInteger('runs', runs, 1, MAX_SEED - seed + 1);
  requireInteger('steps', steps, 1, 1e15);
  return { scheduler, seed, runs, steps, keepSchedule };
}

function runResult(scenario: string, { report, schedule }: VariantResult): RunResult {
  const { verdict, scheduler, executions, steps, end, hash, violation } = report;
  const base: RunResultBase = { ...resultBase(scenario, report), scheduler, executions, steps, end, hash, schedule };
  switch (verdict.kind) {
    case 'no-bug-found':
      return { ...base, verdict: 'no-bug-found' };
    case 'inconclusive':
      return { ...base, verdict: 'inconclusive', reason: verdict.reason };
    case 'violated':
      if (violation === undefined) throw new Error('a violation that nobody has seen');
      return { ...base, verdict: 'violated', property: verdict.property, violation: toldViolation(violation) };
    case 'verified':
      throw new Error('executions verify nothing');
  }
}
