import { type Catch, Hunt } from '../../explore/hunt/hunt.js';
import type { Schedule } from '../../explore/schedule-file.js';
import { type Verdict, verdictOf } from '../../explore/verdict.js';
import { conditionsOf } from '../../judge/conditions.js';
import { expectedOf } from '../../judge/expected.js';
import { nameOf, prepare, type Recipe } from '../../judge/prepare.js';
import { DEFAULT_STEPS } from '../../judge/run/choice.js';
import type { HuntedViolation, HuntReport } from '../../report/hunt-report.js';
import type { Paint } from '../../report/paint.js';
import { grouped, quantity } from '../../report/quantity.js';
import { standstillText } from '../../report/standstill.js';
import type { Interrupt } from '../io/interrupt.js';
import type { Progress } from '../io/progress.js';
import { executionsOf, type HuntOptions, huntStrategy } from './options.js';
import { tellCatch } from './tell-catch.js';

/** Most violations of a variant that are shrunk and told. */
const MOST_TOLD = 10;
/** Milliseconds between two looks at signals. */
const SLICE = 25;

/** What the hunt in a variant needs. */
export interface HuntSurroundings {
  readonly options: HuntOptions;
  /** The scenario file, as on the command line. */
  readonly path: string;
  readonly paint: Paint;
  readonly interrupt: Interrupt;
  readonly progress: Progress;
}

/** What a hunt has shown, the schedules of its violations in their order, and how long the executions took. */
export interface HuntResult {
  readonly report: HuntReport;
  readonly schedules: readonly Schedule[];
  readonly seconds: number;
}

/** Why a hunt ended before all executions were done. */
type Cut = 'timeout' | 'interrupted' | undefined;

/** Executes a variant many times, and shrinks what was found. */
export async function huntVariant(recipe: Recipe, around: HuntSurroundings): Promise<HuntResult> {
  const { options } = around;
  const { built } = prepare(recipe);
  const { scenario, machine, monitors, sites, symbols } = built;
  const strategy = huntStrategy(options);
  const limit = scenario.steps ?? DEFAULT_STEPS;
  const { preemptions, seed } = options;
  const toTheEnd = scenario.check.finally.length > 0;
  const places = { sites, symbols };
  const hunt = new Hunt(machine, monitors, places, { strategy, preemptions, seed, steps: limit, toTheEnd });
  const started = performance.now();
  const cut = await execute(hunt, recipe, around);
  const seconds = (performance.now() - started) / 1000;
  const expected = expectedOf(scenario.expect);
  // What shrinking meets on its way is no result.
  const goals = hunt.goals.map((goal) => ({ ...goal }));
  const catches = inOrder(hunt.catches, expected?.property);
  const violations: HuntedViolation[] = [];
  const schedules: Schedule[] = [];
  for (const found of catches.slice(0, MOST_TOLD)) {
    const told = await tellCatch(found, hunt, { built, places, recipe, around });
    violations.push(told.violation);
    schedules.push(told.schedule);
  }
  const isEnough = cut === undefined || (cut === 'timeout' && options.executions === undefined);
  const report: HuntReport = {
    variant: recipe.variant,
    verdict: verdictOn(hunt, catches[0], isEnough ? undefined : cut, around),
    expected,
    strategy,
    preemptions,
    seed,
    ...conditionsOf(built),
    executions: hunt.executions,
    steps: hunt.steps,
    limit,
    tallies: hunt.tallies,
    goals,
    details: detailsOf(hunt, recipe),
    violations,
    untold: Math.max(0, catches.length - MOST_TOLD),
  };
  return { report, schedules, seconds };
}

/** Lets the hunt go on until all executions are done, or somebody or the clock ends it. */
async function execute(hunt: Hunt, recipe: Recipe, { options, interrupt, progress }: HuntSurroundings): Promise<Cut> {
  const wanted = executionsOf(options);
  const started = performance.now();
  const name = nameOf(recipe);
  for (let paused = started; hunt.executions < wanted; ) {
    hunt.advance();
    const now = performance.now();
    if (now - paused < SLICE) continue;
    paused = now;
    const seconds = (now - started) / 1000;
    progress.update(() => progressText(name, hunt, seconds));
    await interrupt.pause();
    const isLate = options.timeout !== undefined && seconds >= options.timeout;
    if (interrupt.code === undefined && !isLate) continue;
    progress.clear();
    return interrupt.code === undefined ? 'timeout' : 'interrupted';
  }
  progress.clear();
  return undefined;
}

function progressText(name: string, { executions, catches }: Hunt, seconds: number): string {
  const rate = Math.round(executions / Math.max(seconds, 0.001));
  return `${name}: ${quantity(executions, 'execution')}, ${grouped(rate)}/s, ${quantity(catches.length, 'violation')}`;
}

/** The violations, one of the expected property first. */
function inOrder(catches: readonly Catch[], expected: string | undefined): Catch[] {
  const first = catches.find(({ property }) => property === expected);
  return first === undefined ? [...catches] : [first, ...catches.filter((other) => other !== first)];
}

function verdictOn(hunt: Hunt, found: Catch | undefined, cut: Cut, { options }: HuntSurroundings): Verdict {
  if (found !== undefined) return { kind: 'violated', property: found.property };
  if (cut === 'interrupted') return { kind: 'inconclusive', reason: 'interrupted' };
  if (cut === 'timeout' || hunt.executions === 0) {
    return { kind: 'inconclusive', reason: `timeout of ${grouped(options.timeout ?? 0)} s` };
  }
  if (hunt.standstill !== undefined) return verdictOf(hunt.standstill.end);
  const isVacuous = hunt.goals.some(({ reached }) => !reached);
  return isVacuous ? { kind: 'inconclusive', reason: 'vacuous' } : { kind: 'no-bug-found' };
}

/** What the first execution that could not go on was at. */
function detailsOf({ standstill }: Hunt, recipe: Recipe): readonly string[] {
  if (standstill === undefined) return [];
  const { end, execution, strategy, schedule } = standstill;
  const { built, subject } = prepare(recipe);
  for (const step of schedule) built.machine.apply(step);
  return [`execution ${execution} (${strategy}):`, ...standstillText(end, built.machine, subject.code)];
}
