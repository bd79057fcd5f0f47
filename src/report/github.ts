import { caseKind, interruptedText } from './case-kind.js';
import type { CaseReport } from './case-report.js';
import { caseName, caseSummary, failureText } from './case-text.js';

/**
 * Annotations of GitHub Actions: a workflow command for each case that did not pass, at its variant in the scenario file.
 * @param left how many files were not come to
 * @param pathOf what a file is called there: by its path from the root of the repository
 */
export function githubText(
  reports: readonly CaseReport[],
  left = 0,
  pathOf: (file: string) => string = (file) => file,
): string {
  const lines = reports.filter((report) => caseKind(report) !== 'passed').map((report) => annotation(report, pathOf));
  if (left > 0) lines.push(`::error title=xmc test::${data(interruptedText(left))}`);
  return lines.map((line) => `${line}\n`).join('');
}

function annotation(report: CaseReport, pathOf: (file: string) => string): string {
  const { outcome } = report;
  // What stands in the way is in no variant, but where the error says.
  const place = (outcome.kind === 'invalid' ? outcome.error.location : undefined) ?? report.place;
  const { file, line, column } = place;
  const properties = [
    `file=${property(pathOf(file))}`,
    ...(line === undefined ? [] : [`line=${line}`]),
    ...(column === undefined ? [] : [`col=${column}`]),
    `title=${property(`${report.scenario} ${caseName(report)}: ${caseSummary(report)}`)}`,
  ];
  return `::error ${properties.join(',')}::${data(failureText(report))}`;
}

/** Text behind the second `::`. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** A value in front of it. */
function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
