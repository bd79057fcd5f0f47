import type { Verdict } from '../explore/verdict.js';
import type { InputError, SourceLocation } from '../input-error.js';
import type { Violation } from '../property/violation.js';
import type { TraceLayout } from './counterexample-text.js';
import type { FlowStep } from './flow.js';
import type { Paint } from './paint.js';
import type { Expected } from './run-report.js';

/** What came of a case: a variant of a scenario that is judged again and again, so that a race that is gone stays gone. */
export interface CaseReport {
  /** The name of the scenario. */
  readonly scenario: string;
  /** The scenario file, as the user finds it. */
  readonly file: string;
  /** Undefined: the scenario as written; or, of a file that is invalid, all of it. */
  readonly variant: string | undefined;
  /** Where the variant stands in the file. */
  readonly place: SourceLocation;
  readonly outcome: CaseOutcome;
  /** The schedules that were kept of it and decide nothing any more, in the order in which they were followed. */
  readonly settled: readonly SettledSchedule[];
  /** That a schedule could not be kept, and why. */
  readonly unwritten: InputError | undefined;
}

/** Passed and failed speak of the expectation; where nothing can be said, neither does. */
export type CaseOutcome =
  | (Judged & { readonly kind: 'passed' })
  | (Judged & { readonly kind: 'failed' })
  | { readonly kind: 'inconclusive'; readonly reason: string; readonly details: readonly string[] }
  /** There is nothing to judge before the user has mended something. */
  | { readonly kind: 'invalid'; readonly error: InputError };

export type FailedCase = CaseReport & { readonly outcome: Extract<CaseOutcome, { kind: 'failed' }> };

interface Judged {
  readonly expected: Expected;
  readonly verdict: Verdict;
  /** Distinct states of the check; undefined: a kept schedule has decided. */
  readonly states: number | undefined;
  /** Of every violation. */
  readonly counterexample: CaseCounterexample | undefined;
}

/** A schedule that violates a property, found or followed again. */
export interface CaseCounterexample {
  readonly property: string;
  /** How many steps it has. */
  readonly steps: number;
  /** Undefined for a property that speaks of no single step. */
  readonly violation: Violation | undefined;
  trace(paint: Paint, layout: TraceLayout): readonly string[];
  /** What the CPUs do, in order, each with its place in the scenario file. */
  readonly flow: readonly FlowStep[];
  /** The file it is kept in, and the command that replays it; undefined: it is not kept. */
  readonly kept: { readonly file: string; readonly replay: string } | undefined;
}

/** A kept schedule that leads to no violation. */
export interface SettledSchedule {
  readonly file: string;
  /** Undefined: all steps could be done. Otherwise the first, counting from 1, that cannot, and what can. */
  readonly unfit: { readonly step: number; readonly recorded: string; readonly found: string } | undefined;
  /** Whether no step violated anything when it was recorded either, as with `progress`: its steps alone show nothing. */
  readonly isOpen: boolean;
}
