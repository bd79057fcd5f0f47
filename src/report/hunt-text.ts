import { verdictText } from '../explore/verdict.js';
import { conditionsText } from './conditions.js';
import type { HuntedViolation, HuntReport } from './hunt-report.js';
import type { Paint } from './paint.js';
import { grouped, quantity } from './quantity.js';
import { expectationText, paintVerdict } from './run-text.js';
import { safeText, wrap } from './safe-text.js';

/** Columns of running text. */
const TEXT_WIDTH = 96;

/** The lines about one variant; `width` is that of the longest name. */
export function huntText(report: HuntReport, width: number, paint: Paint): string[] {
  const name = report.variant === undefined ? '' : `${paint.bold(report.variant.padEnd(width))}  `;
  const verdict = paintVerdict(report.verdict, paint)(verdictText(report.verdict));
  const { violations, goals, details, executions, steps, untold } = report;
  const much = `${quantity(executions, 'execution')}, ${quantity(steps, 'step')}`;
  const missed = goals.filter(({ reached }) => !reached);
  const lines = [`${name}${verdict}  ${much}${expectationText(report, paint)}`];
  lines.push(...wrapped(conditions(report), paint.dim), ...wrapped(tallies(report), paint.dim));
  if (goals.length > 0)
    lines.push(`  ${paint.dim(`goals reached: ${goals.length - missed.length} of ${goals.length}`)}`);
  lines.push(...missed.map((goal) => `  goal not reached: ${safeText(goal.name)}`));
  if (details.length > 0) lines.push('', ...details.map((line) => `  ${safeText(line)}`), '');
  for (const found of violations) lines.push('', ...violationLines(found, paint));
  if (untold > 0) lines.push(`  and ${quantity(untold, 'other violation')}`, '');
  return lines;
}

function wrapped(text: string, paint: (text: string) => string): string[] {
  return wrap(text, TEXT_WIDTH).map((line) => `  ${paint(line)}`);
}

/** `profile ideal; budgets reschedule 1; portfolio, seed 1`. */
function conditions(report: HuntReport): string {
  const { strategy, seed, preemptions, limit } = report;
  const bound = preemptions === undefined ? '' : `, ${quantity(preemptions, 'preemption')}`;
  const how = `${strategy}, seed ${seed}${bound}; executions of at most ${quantity(limit, 'step')}`;
  return `${conditionsText(report)}; ${how}`;
}

/** `violated by uniform 34 of 200, pct 41 of 200`. */
function tallies({ tallies: all }: HuntReport): string {
  const each = [...all].map(
    ([strategy, { executions, violated }]) => `${strategy} ${grouped(violated)} of ${grouped(executions)}`,
  );
  return each.length === 0 ? '' : `violated by ${each.join(', ')}`;
}

function violationLines(found: HuntedViolation, paint: Paint): string[] {
  const { property, place, counterexample, switches, execution, strategy, by, shrunk } = found;
  const { steps, preemptions = 0, trace, schedule } = counterexample;
  const changes = `${quantity(switches, 'change')} of CPU`;
  const size = `${quantity(steps, 'step')}, ${quantity(preemptions, 'preemption')}, ${changes}`;
  const kept = shrunk.isMinimal
    ? 'no single step can be left out'
    : 'interrupted: steps may be left that are not needed';
  const others = [...by].map(([name, { count, first }]) => `${name} ${grouped(count)} (first in ${grouped(first)})`);
  const lines = [
    `  ${paint.bold(`${property} at ${safeText(place)}`)}: ${size}`,
    ...wrapped(
      `first in execution ${grouped(execution)} (${strategy}), shrunk from ${quantity(shrunk.from, 'step')}; ${kept}`,
      paint.dim,
    ),
    ...wrapped(`found by ${others.join(', ')}`, paint.dim),
    '',
    ...trace,
  ];
  if (schedule === undefined) return lines;
  lines.push(`  schedule  ${safeText(schedule.file)} (${quantity(steps, 'step')})`);
  return [...lines, `  replay    ${paint.bold(schedule.replay)}`, ''];
}
