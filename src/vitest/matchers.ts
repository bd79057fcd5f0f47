import { basename, dirname, relative, resolve } from 'node:path';
import { type MatcherState, Snapshots } from 'vitest';
import { onlookerOf, recipeOf, type VariantOptions } from '../api/options.js';
import { replay } from '../api/replay.js';
import { readScheduleFile, ScheduleShelf } from '../cli/test/schedule-shelf.js';
import type { Schedule } from '../explore/schedule-file.js';
import { InputError } from '../input-error.js';
import type { Recipe } from '../judge/prepare.js';
import { originOf } from '../judge/recipe-schedule.js';
import { followSchedule } from '../regression/follow-schedule.js';
import { judgeCase } from '../regression/judge-case.js';
import type { CaseReport } from '../report/case-report.js';
import { CASE_LAYOUT, failureText, settledText } from '../report/case-text.js';
import { diagnosticText } from '../report/diagnostic.js';
import { PLAIN } from '../report/paint.js';
import { type Expected, expectedText } from '../report/run-report.js';
import type { LoadedScenario } from '../scenario/load.js';
import { type KeepingOptions, type LimitOptions, surroundingsOf } from './case-options.js';
import { failure } from './failure.js';
import { requireChecked } from './require-checked.js';

/** Which variant is judged, and how far. */
export interface CaseOptions extends Omit<VariantOptions, 'profile'>, LimitOptions, KeepingOptions {
  /** Whether a violation that is not expected is kept in `__schedules__/` beside the test, and followed first from then on. Default: true. */
  readonly keep?: boolean | undefined;
}

/** Without the conditions of a search, which a trace and a replay do not keep. */
export type ReplayCaseOptions = Pick<CaseOptions, 'files'>;

interface Result {
  readonly pass: boolean;
  readonly message: () => string;
}

const ANY = { verdict: 'violated', property: undefined } as const;
const VERIFIED = { verdict: 'verified', property: undefined } as const;

/** @see RaceMatchers, where each is described */
export async function toBeVerified(
  this: MatcherState,
  scenario: LoadedScenario,
  options: CaseOptions = {},
): Promise<Result> {
  refuseNot(this, 'toBeVerified', 'say what is violated: toViolate(property), or toViolate() for any');
  return resultOf(await caseReport(this, scenario, VERIFIED, options));
}

export async function toViolate(
  this: MatcherState,
  scenario: LoadedScenario,
  property?: string,
  options: CaseOptions = {},
): Promise<Result> {
  if (property !== undefined) requireChecked(recipe(scenario, options), property);
  if (!this.isNot) {
    const expected = property === undefined ? ANY : { verdict: 'violated' as const, property };
    return resultOf(await caseReport(this, scenario, expected, { ...options, keep: false }));
  }
  // Nothing but a verification says that there is no schedule that violates it.
  const report = await caseReport(this, scenario, VERIFIED, options);
  const { pass, message } = resultOf(report);
  const found = report.outcome.kind === 'failed' ? report.outcome.counterexample?.property : undefined;
  const aside =
    found === undefined || property === undefined || found === property
      ? ''
      : `a check ends at its first violation, so that nothing is known of ${property}: properties: {only: [${property}]} asks for it alone\n`;
  return { pass: !pass, message: () => `${aside}${message()}` };
}

export async function toReplay(
  this: MatcherState,
  scenario: LoadedScenario,
  schedule: Schedule | string,
  options: ReplayCaseOptions = {},
): Promise<Result> {
  const file = typeof schedule === 'string' ? besideTest(this, schedule) : 'the schedule';
  const read = typeof schedule === 'string' ? await told(readScheduleFile(file)) : schedule;
  const { end, variant, profile } = read;
  if (end.kind === 'violated') {
    const wanted = expectedText({ verdict: 'violated', property: end.property });
    const one = recipe(scenario, { ...options, variant, profile });
    const followed = await followSchedule(one, read, onlookerOf({ signal: signalOf(this) }));
    if (followed.kind === 'interrupted') throw failure('interrupted');
    if (followed.kind === 'settled') {
      const lines = settledText({ ...followed, file });
      return { pass: false, message: () => [`expected ${file} to lead to ${wanted}`, ...lines].join('\n') };
    }
    const { counterexample } = followed;
    const pass = counterexample.property === end.property;
    const trace = counterexample.trace(PLAIN, CASE_LAYOUT);
    const not = this.isNot ? 'not to lead' : 'to lead';
    const heading = `expected ${file} ${not} to ${wanted}; it leads to violated ${counterexample.property}`;
    // Whatever it violates now: it is not the execution of a scenario in which nothing goes wrong.
    return { pass: pass || this.isNot, message: () => [heading, '', ...trace].join('\n') };
  }
  const result = await told(replay(read, { against: scenario, files: options.files, file, signal: signalOf(this) }));
  if (result.outcome === 'interrupted') throw failure('interrupted');
  if (result.outcome === 'reproduced')
    return { pass: true, message: () => `expected ${file} not to be reproduced: ${end.kind} after the same steps` };
  const { step, expected, found } = result.divergence;
  return { pass: false, message: () => `${file} diverges at step ${step}: expected ${expected}, found ${found}` };
}

export async function toHaveTrace(
  this: MatcherState,
  scenario: LoadedScenario,
  file?: string,
  options: CaseOptions = {},
): Promise<Result> {
  refuseNot(this, 'toHaveTrace', 'that a trace is another one says nothing');
  const report = await caseReport(this, scenario, ANY, { ...options, keep: false });
  const { outcome } = report;
  if (outcome.kind !== 'passed') return resultOf(report);
  const lines = outcome.counterexample?.trace(PLAIN, CASE_LAYOUT) ?? [];
  const text = [`VIOLATED ${outcome.counterexample?.property}`, '', ...lines].join('\n').trimEnd();
  const { variant } = options;
  const name = `${scenario.name}${variant === undefined ? '' : `.${variant}`}.trace`;
  return Snapshots.toMatchFileSnapshot.call(this, `${text}\n`, file ?? `./__traces__/${name}`);
}

async function caseReport(
  state: MatcherState,
  scenario: LoadedScenario,
  expected: Expected,
  options: CaseOptions,
): Promise<CaseReport> {
  const { variant, files, keep = true } = options;
  const { testPath } = state;
  const beside = testPath === undefined ? undefined : relative('.', testPath);
  const one = recipe(scenario, { variant, files });
  const shelf =
    keep && beside !== undefined
      ? new ScheduleShelf(beside, originOf(one), `${basename(beside)}.${scenario.name}`)
      : undefined;
  return judgeCase({ recipe: one, expected, shelf }, surroundingsOf(options, state, signalOf(state)));
}

function recipe(scenario: LoadedScenario, { variant, files, profile }: VariantOptions): Recipe {
  if (typeof scenario?.locate !== 'function') {
    throw failure('expect() needs a scenario here: what defineScenario, or loadScenario gives');
  }
  try {
    return recipeOf(scenario, { variant, files, profile });
  } catch (error) {
    throw asFailure(error);
  }
}

function resultOf(report: CaseReport): Result {
  const pass = report.outcome.kind === 'passed' && report.unwritten === undefined;
  return { pass, message: () => failureText(report) };
}

/** @throws Error when a matcher that cannot be turned round is */
function refuseNot({ isNot }: MatcherState, matcher: string, instead: string): void {
  if (isNot) throw failure(`.not.${matcher} is not there: ${instead}`);
}

/** Of the test under way: vitest aborts it when the time is over. */
function signalOf(state: MatcherState): AbortSignal | undefined {
  const { task } = state as { readonly task?: { readonly context?: { readonly signal?: AbortSignal } } };
  return task?.context?.signal;
}

/** A path as file snapshots have it: beside the test. */
function besideTest({ testPath }: MatcherState, path: string): string {
  return testPath === undefined ? path : relative('.', resolve(dirname(testPath), path));
}

async function told<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    throw asFailure(error);
  }
}

/** What is wrong with what the user gave, with its place. */
function asFailure(error: unknown): unknown {
  return error instanceof InputError ? failure(diagnosticText(error, PLAIN).join('\n')) : error;
}
