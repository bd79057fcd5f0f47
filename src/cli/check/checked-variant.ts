import type { Schedule } from '../../explore/schedule-file.js';
import type { Verdict } from '../../explore/verdict.js';
import { checkJson } from '../../report/check-json.js';
import type { CheckReport } from '../../report/check-report.js';
import { checkText } from '../../report/check-text.js';
import type { Json } from '../../report/event-json.js';
import type { Expected } from '../../report/run-report.js';
import { note } from '../io/note.js';
import { isTooLarge, replayable, scheduleName } from '../run/write-schedule.js';
import type { Recipe } from '../scenario/prepare.js';
import { type CheckSurroundings, checkVariant } from './check-variant.js';
import type { CheckResult } from './tell-counterexample.js';

/** A variant that was checked, as it is told: plain data, whichever thread did it. */
export interface CheckedVariant {
  readonly verdict: Verdict;
  readonly expected: Expected | undefined;
  /** The lines about it. */
  readonly text: readonly string[];
  readonly json: { readonly [key: string]: Json };
  /** What is to be written before it is told. */
  readonly schedule: { readonly file: string; readonly schedule: Schedule } | undefined;
}

/** Explores every schedule of a variant, and makes up what is told of it. Nothing is written. */
export async function checkedVariant(recipe: Recipe, around: CheckSurroundings): Promise<CheckedVariant> {
  const found = await checkVariant(recipe, around);
  const schedule = scheduleOf(found, around);
  const report = schedule === undefined ? found.report : withSchedule(found.report, schedule.file, around.program);
  const { verdict, expected } = report;
  return { verdict, expected, text: checkText(report, around.width, around.paint), json: checkJson(report), schedule };
}

function scheduleOf({ schedule }: CheckResult, { options }: CheckSurroundings): CheckedVariant['schedule'] {
  if (schedule === undefined) return undefined;
  if (isTooLarge(schedule)) {
    note('no schedule is written: a file of the scenario is too large');
    return undefined;
  }
  return { file: options.schedule ?? scheduleName(schedule.scenario, schedule.variant), schedule };
}

function withSchedule(report: CheckReport, file: string, program: string): CheckReport {
  const { counterexample } = report;
  if (counterexample === undefined) return report;
  return { ...report, counterexample: { ...counterexample, schedule: replayable(file, program) } };
}

export function jsonOf({ json }: CheckedVariant): CheckedVariant['json'] {
  return json;
}
