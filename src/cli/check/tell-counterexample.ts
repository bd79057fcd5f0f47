import { recordRun } from '../../explore/recorded-run.js';
import type { Schedule } from '../../explore/schedule-file.js';
import { PROGRESS } from '../../property/progress.js';
import type { CheckReport, Counterexample } from '../../report/check-report.js';
import { counterexampleText } from '../../report/counterexample-text.js';
import type { Paint } from '../../report/paint.js';
import { type StepEvents, stepCollector } from '../../report/step-events.js';
import { prepare, type Recipe } from '../scenario/prepare.js';
import { recipeSchedule } from '../scenario/recipe-schedule.js';
import type { ShortestSchedule } from './explorer.js';
import type { CheckOptions } from './options.js';

/** What the search of a variant has shown, and the schedule of its counterexample. */
export interface CheckResult {
  readonly report: CheckReport;
  readonly schedule: Schedule | undefined;
}

/** How a counterexample is told. */
interface TellingOptions {
  readonly options: CheckOptions;
  /** The scenario file, as on the command line. */
  readonly path: string;
  readonly paint: Paint;
}

/** Executes the schedule of a counterexample twice: for its trace, and for its record. */
export function tellCounterexample(
  recipe: Recipe,
  { steps: schedule, preemptions }: ShortestSchedule,
  { options, path, paint }: TellingOptions,
  report: CheckReport,
): CheckResult {
  const { built, subject } = prepare(recipe);
  const { machine, monitors } = built;
  const told: StepEvents[] = [];
  machine.observe(stepCollector('all', (step) => told.push(step)));
  for (const step of schedule) machine.apply(step);
  const { violation } = monitors;
  const { verdict } = report;
  if (verdict.kind !== 'violated' || (verdict.property !== PROGRESS && verdict.property !== violation?.property)) {
    throw new Error('the schedule that the search has found does not do what it said');
  }
  const found = violation === undefined ? undefined : { violation, story: told, subject };
  const trace = counterexampleText({ steps: told, violation, subject, machine }, paint, options.traceWidth);
  const counterexample: Counterexample = {
    steps: schedule.length,
    preemptions,
    violation: found,
    trace,
    schedule: undefined,
  };
  const again = prepare(recipe).built;
  const record = recordRun(again.machine, again.monitors, schedule);
  return {
    report: { ...report, counterexample },
    schedule: recipeSchedule(record, recipe, path, `check, ${options.engine} engine`),
  };
}
