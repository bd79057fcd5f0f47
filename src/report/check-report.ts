import type { Verdict } from '../explore/verdict.js';
import type { FingerprintUse } from '../search/fingerprints.js';
import type { AppliedReductions } from '../search/reduction/reductions.js';
import type { SearchCounts } from '../search/search-end.js';
import type { Conditions } from './conditions.js';
import type { Expected, ViolationReport } from './run-report.js';

/** What a search of one variant has shown. */
export interface CheckReport extends Conditions {
  /** Undefined: the scenario as written. */
  readonly variant: string | undefined;
  readonly verdict: Verdict;
  readonly expected: Expected | undefined;
  readonly engine: 'plain' | 'fast';
  readonly reductions: AppliedReductions;
  readonly counts: SearchCounts;
  /** Undefined: states were compared exactly. */
  readonly fingerprints: FingerprintUse | undefined;
  /** Of algorithm and scenario; after a violation they mean nothing. */
  readonly goalsNotReached: readonly string[];
  /** What stood in the way of a verdict, or what a group of CPUs that is stuck does, line by line. */
  readonly details: readonly string[];
  readonly counterexample: Counterexample | undefined;
}

/**
 * Whether no shorter schedule violates; `likely`: unless fingerprints have hidden it; `unknown`: a search for it did not come
 * to its end.
 */
export type NothingShorter = 'sure' | 'likely' | 'unknown';

/** A schedule to a violation. */
export interface Counterexample {
  /** How many steps it has, and how many preemptions are among them. The plain engine does not count them. */
  readonly steps: number;
  readonly preemptions: number | undefined;
  /** Undefined: it is a shortest (of a check), and nobody has looked for longer ones with fewer preemptions. */
  readonly fewest?: FewestOf | undefined;
  /** Of a check; default: sure. */
  readonly nothingShorter?: NothingShorter | undefined;
  /** Undefined for a property that speaks of no single step. */
  readonly violation: ViolationReport | undefined;
  /** The trace, line by line. */
  readonly trace: readonly string[];
  /** The schedule file that was written, and the command that replays it. */
  readonly schedule: { readonly file: string; readonly replay: string } | undefined;
}

/** Of which schedules a counterexample has the fewest preemptions, and of those the fewest steps. */
export interface FewestOf {
  /** Steps of a shortest schedule. */
  readonly shortest: number;
  /** The most steps of those that were looked at. */
  readonly bound: number;
  /** Not all were looked at, but then the counterexample is a shortest: why, and the preemptions that none has fewer of. */
  readonly cutShort: { readonly why: string; readonly preemptions: number } | undefined;
}
