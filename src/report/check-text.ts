import { verdictText } from '../explore/verdict.js';
import { PROGRESS } from '../property/progress.js';
import { ALL_REDUCTIONS, type AppliedReductions } from '../search/reduction/reductions.js';
import type { CheckReport, Counterexample, NothingShorter } from './check-report.js';
import { conditionsText } from './conditions.js';
import type { Paint } from './paint.js';
import { quantity } from './quantity.js';
import { expectationText, paintVerdict } from './run-text.js';
import { safeText, wrap } from './safe-text.js';

/** Columns of running text. */
const TEXT_WIDTH = 96;

/** The lines about one variant; `width` is that of the longest name. */
export function checkText(report: CheckReport, width: number, paint: Paint): string[] {
  const name = report.variant === undefined ? '' : `${paint.bold(report.variant.padEnd(width))}  `;
  const verdict = paintVerdict(report.verdict, paint)(verdictText(report.verdict));
  const { counterexample, goalsNotReached, details } = report;
  const lines = [`${name}${verdict}  ${howFar(report)}${expectationText(report, paint)}`];
  lines.push(...wrap(conditions(report), TEXT_WIDTH).map((line) => `  ${paint.dim(line)}`));
  if (counterexample === undefined)
    lines.push(...goalsNotReached.map((goal) => `  goal not reached: ${safeText(goal)}`));
  if (details.length > 0) lines.push('', ...details.flatMap((line) => wrapped(safeText(line))));
  if (counterexample !== undefined) lines.push(...counterexampleText(counterexample, paint));
  return lines;
}

/** A line that goes on further in. */
function wrapped(text: string): string[] {
  return wrap(text, TEXT_WIDTH).map((line, index) => (index === 0 ? `  ${line}` : `    ${line}`));
}

function howFar({ counts, counterexample }: CheckReport): string {
  const { states, transitions, depth } = counts;
  if (counterexample !== undefined) {
    const { steps, preemptions } = counterexample;
    const counted = preemptions === undefined ? '' : `, ${quantity(preemptions, 'preemption')}`;
    return `after ${quantity(steps, 'step')}${counted}`;
  }
  return `${quantity(states, 'state')}, ${quantity(transitions, 'transition')}, depth ${depth}`;
}

/** What the verdict rests on: `profile ideal; budgets reschedule 1; fast engine; 12 states seen`. */
function conditions(report: CheckReport): string {
  const { verdict, engine, counts, counterexample } = report;
  const isStuck = verdict.kind === 'violated' && verdict.property === PROGRESS;
  const shortest = isStuck ? stuckText(counterexample) : fewestText(counterexample);
  const seen = counterexample === undefined ? '' : `; ${quantity(counts.states, 'state')} seen, ${shortest}`;
  return `${conditionsText(report)}; ${engine} engine, ${reductionsText(report.reductions)}${fingerprintsText(report)}${seen}`;
}

/** `; after 16,925 states by 64-bit fingerprints`; nothing where all states were compared exactly. */
function fingerprintsText({ fingerprints }: CheckReport): string {
  if (fingerprints === undefined) return '';
  const { bits, seed, exactly } = fingerprints;
  const seeded = seed === 0 ? '' : ` (seed ${seed})`;
  return `; after ${quantity(exactly, 'state')} by ${bits}-bit fingerprints${seeded}`;
}

const NOTHING_SHORTER: Readonly<Record<NothingShorter, string>> = {
  sure: 'no shorter schedule violates',
  likely: 'no shorter schedule violates unless fingerprints have hidden it',
  unknown: 'a shorter schedule may violate',
};

function stuckText(counterexample: Counterexample | undefined): string {
  return counterexample?.nothingShorter === 'sure'
    ? 'no shorter schedule leads there'
    : 'a shorter schedule may lead there';
}

/** Of which schedules it has the fewest steps or preemptions. */
function fewestText(counterexample: Counterexample | undefined): string {
  const { steps = 0, fewest, nothingShorter = 'sure' } = counterexample ?? {};
  const nothing = NOTHING_SHORTER[nothingShorter];
  if (fewest === undefined) return nothing;
  const { shortest, bound, cutShort } = fewest;
  const upTo = `schedules of up to ${quantity(bound, 'step')}`;
  if (cutShort !== undefined) {
    const { why, preemptions } = cutShort;
    const none = preemptions === 0 ? '' : `: none has fewer than ${preemptions}`;
    return `${nothing}; ${upTo} with fewer preemptions were not all looked at (${why})${none}`;
  }
  return steps === shortest
    ? `${nothing}, ${nothingShorter === 'unknown' ? 'but' : 'and'} no ${upTo.replace('schedules', 'schedule')} has fewer preemptions`
    : `the fewest preemptions of all ${upTo}, the shortest ${nothingShorter === 'sure' ? 'of which' : 'that was found'} has ${shortest}`;
}

/** `all reductions`, `no reductions`, `all reductions but fusion (why)`. */
function reductionsText({ on, unused }: AppliedReductions): string {
  const off = [...ALL_REDUCTIONS].filter((name) => !on.includes(name));
  if (on.length === 0) return 'no reductions';
  const missing = [...off, ...[...unused].map(([name, why]) => `${name} (${why})`)];
  return missing.length === 0 ? 'all reductions' : `all reductions but ${missing.join(', ')}`;
}

function counterexampleText({ trace, schedule, steps }: Counterexample, paint: Paint): string[] {
  const lines = ['', ...trace];
  if (schedule !== undefined) {
    lines.push(
      `  schedule  ${safeText(schedule.file)} (${quantity(steps, 'step')})`,
      `  replay    ${paint.bold(schedule.replay)}`,
    );
  }
  return [...lines, ''];
}
