import type { Schedule } from '../../explore/schedule-file.js';
import { PROGRESS } from '../../property/progress.js';
import type { CheckReport } from '../../report/check-report.js';
import { quantity } from '../../report/quantity.js';
import type { Recipe } from '../prepare.js';
import { recipeSchedule } from '../recipe-schedule.js';
import { type ToldSchedule, toldSchedule } from '../told-schedule.js';
import type { FoundSchedule } from './found-schedule.js';

/** The schedule to a violation that a check has found, executed again: it does what the search has said. */
export interface CheckedCounterexample {
  readonly found: FoundSchedule;
  readonly told: ToldSchedule;
  readonly schedule: Schedule;
}

/** @throws Error when the schedule does not violate what the search has said: then one of the two is wrong. */
export function checkedCounterexample(
  recipe: Recipe,
  found: FoundSchedule,
  { verdict, engine }: Pick<CheckReport, 'verdict' | 'engine'>,
): CheckedCounterexample {
  const told = toldSchedule(recipe, found.steps);
  const property = told.violation?.violation.property;
  if (verdict.kind !== 'violated' || (verdict.property !== PROGRESS && verdict.property !== property)) {
    throw new Error('the schedule that the search has found does not do what it said');
  }
  return { found, told, schedule: recipeSchedule(told.record, recipe, `check, ${engine} engine${chosenText(found)}`) };
}

/** `, 0 preemptions; shortest 57 steps, bound 114`; nothing for a shortest one of which no more is known. */
function chosenText({ preemptions = 0, fewest }: FoundSchedule): string {
  if (fewest === undefined) return '';
  const known = fewest.cutShort === undefined ? '' : `, cut short by ${fewest.cutShort.why}`;
  return `, ${quantity(preemptions, 'preemption')}; shortest ${quantity(fewest.shortest, 'step')}, bound ${fewest.bound}${known}`;
}
