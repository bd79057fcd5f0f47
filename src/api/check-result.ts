import type { Schedule } from '../explore/schedule-file.js';
import type { CheckFinding } from '../judge/check/check-variant.js';
import type { CheckedCounterexample } from '../judge/check/checked-counterexample.js';
import { PLAIN } from '../report/paint.js';
import type { Reduction } from '../search/reduction/reductions.js';
import { type ResultBase, resultBase, type ToldViolation, toldViolation } from './result.js';

/** What the check of a variant has shown; `verdict` says which of the three it is. */
export type CheckResult = VerifiedCheck | ViolatedCheck | InconclusiveCheck;

/** What all results of checks have in common. */
export interface CheckResultBase extends ResultBase {
  /** Distinct states that were found. */
  readonly states: number;
  readonly transitions: number;
  /** Steps from the first state to the last ones that were looked at. */
  readonly depth: number;
  /** States that were left to look at; 0 when all were. */
  readonly frontier: number;
  /** The name of the profile: the rules of the simulated hardware. */
  readonly profile: string;
  /** How often the environment may act: reschedule, nmi, mc. */
  readonly budgets: Readonly<Record<string, number>>;
  /** The properties that were checked. */
  readonly properties: readonly string[];
  /** The reductions that were used. */
  readonly reductions: readonly Reduction[];
}

/** No schedule violates a property, and all goals were reached. */
export interface VerifiedCheck extends CheckResultBase {
  readonly verdict: 'verified';
  /**
   * Undefined: exhaustive. Otherwise the greatest probability with which a state was missed, as fingerprints stood for
   * states (docs/soundness/fingerprints.md).
   */
  readonly probability: number | undefined;
}

/** Some schedule violates a property. */
export interface ViolatedCheck extends CheckResultBase {
  readonly verdict: 'violated';
  /** The name of the property. */
  readonly property: string;
  /** A schedule that does. */
  readonly counterexample: Counterexample;
}

/** Nothing can be said. */
export interface InconclusiveCheck extends CheckResultBase {
  readonly verdict: 'inconclusive';
  /** `limit of 1,000 states`, `timeout of 5 s`, `interrupted`, `unsupported instruction`, `vacuous`... */
  readonly reason: string;
}

/** A schedule that violates a property. */
export interface Counterexample {
  /** How many steps it has. */
  readonly steps: number;
  /** How many of them are preemptions; undefined: the plain engine does not count them. */
  readonly preemptions: number | undefined;
  /** Steps of a shortest schedule that violates the property; undefined: this one is a shortest. */
  readonly shortest: number | undefined;
  /** What happened in its last step; undefined for `progress`, which speaks of no single step. */
  readonly violation: ToldViolation | undefined;
  /** The schedule, for {@link replay} and {@link scheduleText}. */
  readonly schedule: Schedule;
  /** The steps with a column for each CPU, as `xmc check` prints them: several lines. */
  trace(layout?: TraceOptions): string;
}

/** How the steps of a counterexample are printed. */
export interface TraceOptions {
  /** Columns. Default: 100. */
  readonly width?: number | undefined;
  /** Whether every step of a handler has lines of its own. Default: false. */
  readonly allSteps?: boolean | undefined;
}

/** The result that a finding is. */
export function checkResult(scenario: string, { report, counterexample }: CheckFinding): CheckResult {
  const { states, transitions, depth, frontier } = report.counts;
  const base: CheckResultBase = {
    ...resultBase(scenario, report),
    ...{ states, transitions, depth, frontier },
    profile: report.profile.name,
    budgets: report.budgets,
    properties: report.properties,
    reductions: report.reductions.on.filter((name) => !report.reductions.unused.has(name)),
  };
  const { verdict } = report;
  switch (verdict.kind) {
    case 'verified':
      return { ...base, verdict: 'verified', probability: verdict.probability };
    case 'inconclusive':
      return { ...base, verdict: 'inconclusive', reason: verdict.reason };
    case 'violated':
      if (counterexample === undefined) throw new Error('a violation without a schedule');
      return {
        ...base,
        verdict: 'violated',
        property: verdict.property,
        counterexample: counterexampleOf(counterexample),
      };
    case 'no-bug-found':
      throw new Error('a check is no execution');
  }
}

function counterexampleOf({ found, told, schedule }: CheckedCounterexample): Counterexample {
  return {
    steps: found.steps.length,
    preemptions: found.preemptions,
    shortest: found.fewest?.shortest,
    violation: told.violation && toldViolation(told.violation),
    schedule,
    trace: ({ width = 100, allSteps = false } = {}) => told.trace(PLAIN, { width, allSteps }).join('\n'),
  };
}
