import { type Verdict, verdictText } from '../explore/verdict.js';
import type { Violation } from '../property/violation.js';
import { PLAIN } from '../report/paint.js';
import { type Expected, isExpected, type ViolationReport } from '../report/run-report.js';
import { violationText } from '../report/violation-text.js';

/** What every result says of the variant that was judged. */
export interface ResultBase {
  /** The name of the scenario. */
  readonly scenario: string;
  /** The name of the variant; undefined: the scenario as written. */
  readonly variant: string | undefined;
  /** The verdict in words, as `xmc` prints it: `VIOLATED no-torn-instruction`. */
  readonly text: string;
  /** What the scenario expects of the variant (`expect:`); undefined: nothing, or it is under another profile. */
  readonly expected: Expected | undefined;
  /** Whether the verdict is the expected one; undefined where nothing is expected, or the verdict is inconclusive. */
  readonly asExpected: boolean | undefined;
  /** Goals of algorithm and scenario that nothing has reached: a verdict that misses one has shown little. */
  readonly goalsNotReached: readonly string[];
  /** What stood in the way of a verdict, or where CPUs are stuck, line by line; often empty. */
  readonly details: readonly string[];
}

/** A violation and what led there. */
export interface ToldViolation extends Violation {
  /** The violation in words, with the last steps that concern it: several lines. */
  story(): string;
}

/** A violation with its story. */
export function toldViolation({ violation, story, subject }: ViolationReport): ToldViolation {
  return { ...violation, story: () => violationText(violation, story, subject, PLAIN).join('\n') };
}

/** Of a report what every result has. */
export function resultBase(
  scenario: string,
  report: {
    readonly variant: string | undefined;
    readonly verdict: Verdict;
    readonly expected: Expected | undefined;
    readonly goalsNotReached: readonly string[];
    readonly details: readonly string[];
  },
): ResultBase {
  const { variant, verdict, expected, goalsNotReached, details } = report;
  const text = verdictText(verdict);
  const asExpected = isExpected(verdict, expected);
  return { scenario, variant, text, expected, asExpected, goalsNotReached, details };
}
