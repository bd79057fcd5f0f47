import { type CaseKind, caseKind } from './case-kind.js';
import type { CaseReport } from './case-report.js';
import { caseDetails, caseName, caseSummary } from './case-text.js';
import type { TraceLayout } from './counterexample-text.js';
import type { Paint } from './paint.js';
import { quantity } from './quantity.js';
import { safeText } from './safe-text.js';

const MARKS = { passed: 'ok  ', failed: 'FAIL', inconclusive: '?   ', invalid: '!   ', unwritten: '!   ' } as const;

/** The line of a scenario file above its cases. */
export function fileHeading(file: string, paint: Paint): string {
  return paint.bold(safeText(file));
}

/** The lines about a case in a list for people. @param width of the longest name */
export function caseLines(report: CaseReport, width: number, paint: Paint, layout: TraceLayout): string[] {
  const kind = caseKind(report);
  const tint = kind === 'passed' ? paint.green : kind === 'inconclusive' ? paint.yellow : paint.red;
  const details = caseDetails(report, paint, layout);
  if (kind === 'invalid') return [`  ${tint(MARKS[kind])}  ${safeText(caseName(report))}`, ...details, ''];
  return [
    `  ${tint(MARKS[kind])}  ${safeText(caseName(report)).padEnd(width)}  ${caseSummary(report)}`,
    ...(details.length === 0 ? [] : kind === 'passed' ? details.map((line) => `    ${line}`) : ['', ...details]),
  ];
}

/** The last line: `14 as expected, 1 failed, 2 inconclusive`. */
export function totalText(reports: readonly CaseReport[], paint: Paint): string {
  const count = (kind: CaseKind): number => reports.filter((report) => caseKind(report) === kind).length;
  const parts = [
    `${quantity(count('passed'), 'variant')} as expected`,
    ...(['failed', 'inconclusive', 'invalid', 'unwritten'] as const).flatMap((kind) =>
      count(kind) === 0 ? [] : [`${count(kind)} ${kind}`],
    ),
  ];
  return (parts.length === 1 ? paint.green : paint.red)(parts.join(', '));
}
