import { verdictText } from '../explore/verdict.js';
import { caseKind } from './case-kind.js';
import type { CaseCounterexample, CaseReport, SettledSchedule } from './case-report.js';
import { TRACE_WIDTH } from './column-trace.js';
import type { TraceLayout } from './counterexample-text.js';
import { diagnosticText } from './diagnostic.js';
import { type Paint, PLAIN } from './paint.js';
import { quantity } from './quantity.js';
import { expectedText } from './run-report.js';
import { safeText } from './safe-text.js';
import { sentence } from './violation-text.js';

/** How traces are printed where nobody says. */
export const CASE_LAYOUT: TraceLayout = { width: TRACE_WIDTH, allSteps: false };

/** What a case is called: its variant, or the scenario. */
export function caseName({ variant, scenario }: CaseReport): string {
  return variant ?? scenario;
}

/** What came of a case, in a line: `VIOLATED no-torn-instruction, 21 steps, as kept in FILE; expected verified`. */
export function caseSummary(report: CaseReport): string {
  const { outcome } = report;
  switch (outcome.kind) {
    case 'invalid':
      return `INVALID ${diagnosticText(outcome.error, PLAIN)[0] ?? ''}`;
    case 'inconclusive':
      return `INCONCLUSIVE ${safeText(outcome.reason)}`;
    default: {
      const { verdict, expected, counterexample, states } = outcome;
      const how =
        counterexample === undefined ? `, ${quantity(states ?? 0, 'state')}` : howFound(counterexample, states);
      const wanted = outcome.kind === 'failed' ? `; expected ${expectedText(expected)}` : '';
      const unwritten = caseKind(report) === 'unwritten' ? '; what is kept of it could not be renewed' : '';
      return `${verdictText(verdict)}${how}${wanted}${unwritten}`;
    }
  }
}

function howFound({ steps, kept }: CaseCounterexample, states: number | undefined): string {
  const length = `, ${quantity(steps, 'step')}`;
  return states === undefined && kept !== undefined ? `${length}, as kept in ${safeText(kept.file)}` : length;
}

/** What there is to know beyond the summary: the trace of a violation that was not expected, and what became of schedules. */
export function caseDetails(report: CaseReport, paint: Paint, layout: TraceLayout = CASE_LAYOUT): string[] {
  const { outcome, settled, unwritten } = report;
  return [
    ...outcomeDetails(outcome, paint, layout),
    ...(unwritten === undefined ? [] : diagnosticText(unwritten, paint)),
    ...settled.flatMap(settledText),
  ];
}

function outcomeDetails(outcome: CaseReport['outcome'], paint: Paint, layout: TraceLayout): string[] {
  if (outcome.kind === 'passed') return [];
  if (outcome.kind === 'invalid') return diagnosticText(outcome.error, paint);
  if (outcome.kind === 'inconclusive') return outcome.details.map((line) => `  ${safeText(line)}`);
  const { counterexample } = outcome;
  if (counterexample === undefined) return [];
  const { kept } = counterexample;
  const files =
    kept === undefined
      ? []
      : [`  schedule  ${safeText(kept.file)}`, `  replay    ${paint.bold(safeText(kept.replay))}`, ''];
  return [...counterexample.trace(paint, layout), ...files];
}

/** Why a kept schedule does not decide: it is not possible any more, violates nothing, or never did by its steps. */
export function settledText({ file, unfit, isOpen }: SettledSchedule): string[] {
  const name = safeText(file);
  if (unfit === undefined && isOpen)
    return [`  ${name} ends without a violation, as it was recorded; progress is judged by the whole check`];
  if (unfit === undefined) return [`  ${name} violates nothing any more`];
  const { step, recorded, found } = unfit;
  return [
    `  ${name} is stale at step ${step}: ${safeText(recorded)} is not possible there any more`,
    `    possible: ${safeText(found)}`,
  ];
}

/** The sentence that says what a failure is; without one, what was expected in vain. */
export function failureSentence(report: CaseReport): string {
  const { outcome } = report;
  if (outcome.kind === 'failed' && outcome.counterexample?.violation !== undefined)
    return sentence(outcome.counterexample.violation);
  return caseSummary(report);
}

/** All that is to be said of a case that did not pass, for a message. */
export function failureText(report: CaseReport, layout: TraceLayout = CASE_LAYOUT): string {
  const details = caseDetails(report, PLAIN, layout);
  const lines = report.outcome.kind === 'invalid' ? details : [caseSummary(report), ...space(details)];
  return lines.join('\n').trimEnd();
}

function space(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}
