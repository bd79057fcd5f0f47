import { type CaseKind, caseKind, interruptedText } from './case-kind.js';
import type { CaseReport } from './case-report.js';
import { caseName, caseSummary, failureText } from './case-text.js';

/**
 * JUnit's XML: a scenario file is a testsuite, a variant a testcase. What failed has its trace in it; what is inconclusive or
 * invalid is an error. There are no times in it: the same verdicts give the same bytes.
 * @param left how many files were not come to, as somebody interrupted: one error
 * @see https://github.com/jenkinsci/xunit-plugin for the schema that readers agree on (junit-10.xsd)
 */
export function junitText(reports: readonly CaseReport[], left = 0): string {
  const files = [...new Set(reports.map(({ file }) => file))];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="xmc" ${counts(reports, left)}>`,
    ...files.flatMap((file) =>
      suiteLines(
        file,
        reports.filter((report) => report.file === file),
      ),
    ),
    ...(left === 0 ? [] : interruptedLines(left)),
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteLines(file: string, cases: readonly CaseReport[]): string[] {
  return [
    `  <testsuite name="${escaped(cases[0]?.scenario ?? file)}" file="${escaped(file)}" ${counts(cases)}>`,
    ...cases.flatMap(caseLines),
    '  </testsuite>',
  ];
}

function interruptedLines(left: number): string[] {
  const text = interruptedText(left);
  return [
    `  <testsuite name="xmc" ${counts([], left)}>`,
    '    <testcase name="interrupted" classname="xmc" time="0">',
    `      <error message="${text}" type="interrupted">${text}</error>`,
    '    </testcase>',
    '  </testsuite>',
  ];
}

function caseLines(report: CaseReport): string[] {
  const { scenario, file, place, outcome } = report;
  const line = place.line === undefined ? '' : ` line="${place.line}"`;
  const head = `<testcase name="${escaped(caseName(report))}" classname="${escaped(scenario)}" file="${escaped(file)}"${line} time="0"`;
  const kind = caseKind(report);
  if (kind === 'passed') return [`    ${head}/>`];
  const [element, type] =
    outcome.kind === 'failed' ? ['failure', outcome.counterexample?.property ?? 'verdict'] : ['error', kind];
  return [
    `    ${head}>`,
    `      <${element} message="${escaped(caseSummary(report))}" type="${escaped(type)}">${escaped(failureText(report))}</${element}>`,
    '    </testcase>',
  ];
}

function counts(reports: readonly CaseReport[], left = 0): string {
  const of = (...kinds: readonly CaseKind[]): number =>
    reports.filter((report) => kinds.includes(caseKind(report))).length;
  const more = left === 0 ? 0 : 1;
  const errors = of('inconclusive', 'invalid', 'unwritten') + more;
  return `tests="${reports.length + more}" failures="${of('failed')}" errors="${errors}" skipped="0" time="0"`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text in XML 1.0, in which most control characters and lone surrogates may not even be named. */
function escaped(text: string): string {
  return (
    text
      .replace(/\p{Surrogate}/gu, '\ufffd')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what XML has no place for
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
  );
}
