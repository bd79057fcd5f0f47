import type { Schedule } from '../../explore/schedule-file.js';
import type { CheckFinding } from '../../judge/check/check-variant.js';
import type { CheckReport } from '../../report/check-report.js';
import type { Paint } from '../../report/paint.js';
import { layoutOf, type TraceLayoutOptions } from '../scenario/trace-layout.js';

/** What the search of a variant has shown, and the schedule of its counterexample. */
export interface CheckResult {
  readonly report: CheckReport;
  readonly schedule: Schedule | undefined;
}

/** How a counterexample is told. */
interface TellingOptions {
  readonly options: TraceLayoutOptions;
  readonly paint: Paint;
}

/** Adds to the report how the counterexample is told. */
export function tellCounterexample(
  { report, counterexample }: CheckFinding,
  { options, paint }: TellingOptions,
): CheckResult {
  if (counterexample === undefined) return { report, schedule: undefined };
  const { found, told, schedule } = counterexample;
  const { preemptions, fewest, nothingShorter = 'sure' } = found;
  const { violation } = told;
  const trace = told.trace(paint, layoutOf(options));
  const steps = found.steps.length;
  return {
    report: {
      ...report,
      counterexample: { steps, preemptions, fewest, nothingShorter, violation, trace, schedule: undefined },
    },
    schedule,
  };
}
