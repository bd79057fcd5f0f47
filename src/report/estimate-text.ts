import { PROGRESS } from '../property/progress.js';
import type { Estimate, Range } from '../search/estimator.js';
import type { Json } from './event-json.js';
import type { Paint } from './paint.js';
import { grouped } from './quantity.js';

/** The name and version of the format of `xmc check --estimate --json`. */
export const ESTIMATE_SCHEMA = 'xmc.estimate/1';

/** How large the search of a variant will be, and what it may use. */
export interface EstimateReport {
  readonly variant: string | undefined;
  readonly estimate: Estimate;
  /** Whether the search of all states is followed by one for states that nothing leads out of. */
  readonly properties: readonly string[];
  /** Of the command line: states, and megabytes. */
  readonly maxStates: number;
  readonly maxMemory: number;
}

const MB = 2 ** 20;
const megabytes = ({ low, high }: Range): Range => ({
  low: Math.round(low / MB),
  high: high === undefined ? undefined : Math.ceil(high / MB),
});

/** `855`, `23,000 to 180,000`, `at least 550,000`. */
export function rangeText({ low, high }: Range): string {
  if (high === undefined) return `at least ${grouped(low)}`;
  return low === high ? grouped(low) : `${grouped(low)} to ${grouped(high)}`;
}

/** The lines about one variant; `width` is that of the longest name. */
export function estimateText(report: EstimateReport, width: number, paint: Paint): string[] {
  const { variant, estimate } = report;
  const { states, transitions, depth, memory, end } = estimate;
  const name = variant === undefined ? '' : `${paint.bold(variant.padEnd(width))}  `;
  const size = [
    `${rangeText(states)} states`,
    `${rangeText(transitions)} transitions`,
    `depth ${rangeText(depth)}`,
    `${rangeText(megabytes(memory))} MB`,
  ].join(', ');
  return [
    `${name}${paint.bold(end === undefined ? 'ESTIMATE' : 'EXACT')}  ${size}`,
    `  ${paint.dim(`${restsOn(report)}; ${fits(report)}`)}`,
  ];
}

/** What the numbers rest on. */
function restsOn({ estimate, properties }: EstimateReport): string {
  const { end, found, sampleEnd } = estimate;
  if (end?.kind === 'violated') return `the search ends there: ${end.violation.property} is violated`;
  if (end?.kind === 'unsupported') return 'the search ends there: an instruction is not supported';
  if (end !== undefined) return `the whole search${properties.includes(PROGRESS) ? ', without that for progress' : ''}`;
  const seen = `from ${grouped(found.states)} states, up to depth ${grouped(found.depth)}, and samples behind them`;
  if (sampleEnd === undefined) return seen;
  return `${seen}, of which one ends the search after ${grouped(sampleEnd.steps)} steps: ${sampleEnd.what}`;
}

/** Whether the limits will do. */
function fits({ estimate: { states, memory }, maxStates, maxMemory }: EstimateReport): string {
  const limits = `--max-states ${maxStates} --max-memory ${maxMemory}`;
  const tooLarge = states.low > maxStates || memory.low > maxMemory * MB;
  if (tooLarge) return `too large for ${limits}`;
  const isSure = (states.high ?? Infinity) <= maxStates && (memory.high ?? Infinity) <= maxMemory * MB;
  return `${isSure ? 'fits' : 'may be too large for'} ${limits}`;
}

/** The same as an object. Memory is in bytes; `high` is null where nothing bounds it. */
export function estimateJson({ variant, estimate }: EstimateReport): { readonly [key: string]: Json } {
  const { end, found, sampleEnd, states, transitions, depth, memory } = estimate;
  const range = ({ low, high }: Range): Json => ({ low, high: high ?? null });
  return {
    variant: variant ?? null,
    exact: end !== undefined,
    end: end?.kind ?? null,
    sampleEnd: sampleEnd === undefined ? null : { steps: sampleEnd.steps, what: sampleEnd.what },
    seen: { states: found.states, depth: found.depth },
    states: range(states),
    transitions: range(transitions),
    depth: range(depth),
    memory: range(memory),
  };
}
