import type { Schedule } from '../../explore/schedule-file.js';
import type { FoundSchedule } from '../../judge/check/explorer.js';
import type { Recipe } from '../../judge/prepare.js';
import { recipeSchedule } from '../../judge/recipe-schedule.js';
import { toldSchedule } from '../../judge/told-schedule.js';
import { PROGRESS } from '../../property/progress.js';
import type { CheckReport, Counterexample } from '../../report/check-report.js';
import type { Paint } from '../../report/paint.js';
import { quantity } from '../../report/quantity.js';
import { layoutOf } from '../scenario/trace-layout.js';
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

/** Executes the schedule of a counterexample, and tells it. */
export function tellCounterexample(
  recipe: Recipe,
  { steps: schedule, preemptions, fewest, nothingShorter = 'sure' }: FoundSchedule,
  { options, path, paint }: TellingOptions,
  report: CheckReport,
): CheckResult {
  const { violation, trace, record } = toldSchedule(recipe, schedule, paint, layoutOf(options));
  const { verdict } = report;
  const found = violation?.violation.property;
  if (verdict.kind !== 'violated' || (verdict.property !== PROGRESS && verdict.property !== found)) {
    throw new Error('the schedule that the search has found does not do what it said');
  }
  const steps = schedule.length;
  const told = { steps, preemptions, fewest, nothingShorter, violation, trace };
  const counterexample: Counterexample = { ...told, schedule: undefined };
  return {
    report: { ...report, counterexample },
    schedule: recipeSchedule(record, recipe, path, `check, ${options.engine} engine${chosenText(counterexample)}`),
  };
}

/** `, 0 preemptions; shortest 57 steps, bound 114`; nothing for a shortest one of which no more is known. */
function chosenText({ preemptions = 0, fewest }: Counterexample): string {
  if (fewest === undefined) return '';
  const known = fewest.cutShort === undefined ? '' : `, cut short by ${fewest.cutShort.why}`;
  return `, ${quantity(preemptions, 'preemption')}; shortest ${quantity(fewest.shortest, 'step')}, bound ${fewest.bound}${known}`;
}
