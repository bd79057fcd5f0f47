import type { Verdict } from '../explore/verdict.js';
import { PROGRESS } from '../property/progress.js';
import type { Violation } from '../property/violation.js';
import type { StepEvents } from './step-events.js';
import type { Subject } from './subject.js';

/** The verdict that a scenario expects of a variant; without a property, a violation of any. */
export interface Expected {
  readonly verdict: 'verified' | 'violated';
  readonly property: string | undefined;
}

/** What the executions of one variant have shown. */
export interface VariantReport {
  /** Undefined: the scenario as written. */
  readonly variant: string | undefined;
  readonly verdict: Verdict;
  readonly expected: Expected | undefined;
  /** What chose the steps of the last execution: `random seed 7`. */
  readonly scheduler: string;
  readonly executions: number;
  /** Of all executions together. */
  readonly steps: number;
  /** How the last execution ended, and the hash of its last state. */
  readonly end: 'violated' | 'unsupported' | 'stopped' | 'finished' | 'limit' | 'interrupted';
  readonly hash: string;
  /** Goals of the algorithm, and `sometimes` and `finally` of the scenario, that none of the executions has reached. */
  readonly goalsNotReached: readonly string[];
  /** What stood in the way of a verdict, line by line. */
  readonly details: readonly string[];
  readonly violation: ViolationReport | undefined;
  /** The schedule file that was written, and the command that replays it. */
  readonly schedule: { readonly file: string; readonly steps: number; readonly replay: string } | undefined;
}

/** A violation with what it takes to tell it. */
export interface ViolationReport {
  readonly violation: Violation;
  readonly story: readonly StepEvents[];
  readonly subject: Subject;
}

/**
 * Whether a verdict is the expected one; undefined when nothing is expected, or nothing can be said. In an execution
 * `verified` is met when no violation was found.
 */
export function isExpected(verdict: Verdict, expected: Expected | undefined): boolean | undefined {
  if (expected === undefined || verdict.kind === 'inconclusive') return undefined;
  // An execution cannot show that there is no way on.
  if (verdict.kind === 'no-bug-found' && expected.property === PROGRESS) return undefined;
  if (verdict.kind === 'no-bug-found' || verdict.kind === 'verified') return expected.verdict === 'verified';
  return expected.verdict === 'violated' && (expected.property === undefined || expected.property === verdict.property);
}

/** `verified`, `violated no-torn-instruction`. */
export function expectedText({ verdict, property }: Expected): string {
  return property === undefined ? verdict : `${verdict} ${property}`;
}
