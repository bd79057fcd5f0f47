import type { MachineEvent } from '../machine/event.js';

/**
 * What a step may be known for, by a bit each: the kinds of events, and `site` (a site's text was executed), `returned` (a
 * procedure came to its end) and `violation`. The names are what breakpoints are set on.
 */
const NAMES = [
  'trap',
  'iret',
  'serialize',
  'halt',
  'ipi-sent',
  'ipi-accepted',
  'ipi-acked',
  'sync-deferred',
  'deferred-sync',
  'switch',
  'quiescent-state',
  'shadow-stack',
  'patch-begin',
  'patch-return',
  'range-entered',
  'range-left',
  'range-retired',
  'stopped',
  'text-store',
  'site',
  'returned',
  'violation',
] as const;

export type MarkName = (typeof NAMES)[number];

/** The bits of a step. */
export type Marks = number;

export const MARK_NAMES: readonly MarkName[] = NAMES;

const BITS: ReadonlyMap<string, number> = new Map(NAMES.map((name, bit) => [name, 1 << bit]));

/** The bit of a name; 0 of one that has none. */
export function markOf(name: string): Marks {
  return BITS.get(name) ?? 0;
}

/** Kinds of events that a run to the next event passes over: they happen all the time, or together with others. */
const PASSED_OVER: ReadonlySet<string> = new Set<MarkName>(['serialize', 'halt', 'quiescent-state', 'shadow-stack']);

/** The marks of steps at which a run to the next event stops. */
export const EVENT_MARKS: Marks = NAMES.filter((name) => !PASSED_OVER.has(name)).reduce(
  (mask, name) => mask | markOf(name),
  0,
);

/** The bits of some events. */
export function marksOf(events: readonly MachineEvent[]): Marks {
  return events.reduce((mask, { kind }) => mask | markOf(kind), 0);
}

/** The names of bits, in order. */
export function markNames(marks: Marks): MarkName[] {
  return NAMES.filter((name) => (marks & markOf(name)) !== 0);
}
