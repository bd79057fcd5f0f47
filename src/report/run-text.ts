import { type Verdict, verdictText } from '../explore/verdict.js';
import type { Paint } from './paint.js';
import { grouped, quantity } from './quantity.js';
import { expectedText, isExpected, type VariantReport } from './run-report.js';
import { safeText } from './safe-text.js';
import { violationText } from './violation-text.js';

/** The lines about one variant; `width` is that of the longest name. */
export function variantText(report: VariantReport, width: number, paint: Paint): string[] {
  const name = report.variant === undefined ? '' : `${paint.bold(report.variant.padEnd(width))}  `;
  const verdict = paintVerdict(report.verdict, paint)(verdictText(report.verdict));
  const lines = [`${name}${verdict}  ${howFar(report)}${expectationText(report, paint)}`];
  const { violation: found, schedule, details, goalsNotReached } = report;
  // After a violation they mean nothing: the executions end there.
  if (found === undefined) lines.push(...goalsNotReached.map((goal) => `  goal not reached: ${safeText(goal)}`));
  if (details.length > 0) lines.push('', ...details.map((line) => `  ${safeText(line)}`), '');
  if (found !== undefined) {
    lines.push('', ...violationText(found.violation, found.story, found.subject, paint));
  }
  if (schedule !== undefined) {
    const { file, steps, replay } = schedule;
    lines.push(`  schedule  ${safeText(file)} (${quantity(steps, 'step')})`, `  replay    ${paint.bold(replay)}`, '');
  }
  return lines;
}

export function paintVerdict(verdict: Verdict, paint: Paint): (text: string) => string {
  const { green, red, yellow } = paint;
  return { verified: green, 'no-bug-found': green, violated: red, inconclusive: yellow }[verdict.kind];
}

const ENDS: Readonly<Record<VariantReport['end'], string>> = {
  violated: '',
  unsupported: '',
  stopped: '',
  finished: ', all finished',
  limit: ', limit reached',
  interrupted: ', interrupted',
};

function howFar({ verdict, violation, scheduler, executions, steps, end }: VariantReport): string {
  if (verdict.kind === 'violated' && violation !== undefined) {
    return `execution ${grouped(executions)} (${scheduler}), step ${grouped(violation.violation.step)}`;
  }
  const ended = verdict.kind === 'no-bug-found' || end === 'interrupted' ? ENDS[end] : '';
  const last = executions === 1 ? scheduler : `the last: ${scheduler}`;
  return `${quantity(executions, 'execution')} (${last}), ${quantity(steps, 'step')}${ended}`;
}

export function expectationText(
  { verdict, expected }: Pick<VariantReport, 'verdict' | 'expected'>,
  paint: Paint,
): string {
  if (expected === undefined) return '';
  const asExpected = isExpected(verdict, expected);
  if (asExpected === true) return paint.dim('; as expected');
  if (asExpected === undefined && verdict.kind === 'no-bug-found')
    return paint.dim('; progress is judged by xmc check');
  return `; ${paint.red(`EXPECTED ${expectedText(expected)}`)}`;
}

/** The last line about several variants. */
export function summaryText(
  reports: readonly Pick<VariantReport, 'verdict' | 'expected'>[],
  paint: Paint,
): string | undefined {
  if (reports.length < 2) return undefined;
  const withExpectation = reports.filter(({ expected }) => expected !== undefined);
  const met = withExpectation.filter(({ verdict, expected }) => isExpected(verdict, expected) === true);
  if (withExpectation.length === 0) {
    const violated = reports.filter(({ verdict }) => verdict.kind === 'violated').length;
    return `${quantity(reports.length, 'variant')}, ${violated} violated`;
  }
  const all = met.length === withExpectation.length;
  const words = `${met.length} of ${quantity(withExpectation.length, 'variant')} as expected`;
  return all ? paint.green(words) : paint.red(words);
}
