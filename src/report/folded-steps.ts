import type { MachineEvent } from '../machine/event.js';
import type { StepEvents } from './step-events.js';

type Kind = MachineEvent['kind'];

/** What a handler does that is told in one line with its interrupt: nothing that anybody else has to be shown. */
const QUIET: ReadonlySet<Kind> = new Set<Kind>(['procedure-step', 'serialize', 'ipi-acked', 'iret', 'deferred-sync']);

/**
 * The same steps, but told as one are
 * - those of an interrupt whose handler is a procedure that nobody comes between, from its acceptance to its IRET: what they
 *   caused stays, each thing once; what the handler's steps are called does not;
 * - those that a procedure repeats, and that cause nothing.
 */
export function foldedSteps(steps: readonly StepEvents[]): StepEvents[] {
  const told: StepEvents[] = [];
  for (let at = 0; at < steps.length; ) {
    const length = Math.max(handledFrom(steps, at), repeatedFrom(steps, at));
    const first = steps[at];
    if (first !== undefined) told.push(length === 1 ? first : folded(first, steps.slice(at, at + length)));
    at += length;
  }
  return told;
}

/** How many times from one on a step is done that causes nothing. */
function repeatedFrom(steps: readonly StepEvents[], at: number): number {
  const name = nameOf(steps[at]);
  let length = 1;
  if (name !== undefined) while (nameOf(steps[at + length]) === name) length++;
  return length;
}

/** Of a step of a procedure, if it causes nothing. */
function nameOf(step: StepEvents | undefined): string | undefined {
  const [only, ...more] = step?.events ?? [];
  if (only?.kind !== 'procedure-step' || more.length > 0) return undefined;
  return `${only.cpu} ${only.procedure} ${only.label}`;
}

/** How many steps from one on are an interrupt and its handler; 1 when it is something else. */
function handledFrom(steps: readonly StepEvents[], at: number): number {
  const first = steps[at];
  if (first?.events.some(({ kind }) => kind === 'ipi-accepted') !== true) return 1;
  for (let length = 1; ; length++) {
    const next = steps[at + length];
    const isQuiet = next?.cpu === first.cpu && next.events.every(({ kind }) => QUIET.has(kind));
    if (next === undefined || !isQuiet) return 1;
    if (next.events.some(({ kind }) => kind === 'iret')) return length + 1;
  }
}

function folded(first: StepEvents, all: readonly StepEvents[]): StepEvents {
  const through = all.at(-1)?.step ?? first.step;
  const events = [...first.events, ...all.slice(1).flatMap((step) => step.events.filter(isCaused))];
  const isFirst = (event: MachineEvent, i: number): boolean =>
    event.kind !== 'serialize' || events.findIndex(({ kind }) => kind === 'serialize') === i;
  return { ...first, through, events: events.filter(isFirst) };
}

const isCaused = ({ kind }: MachineEvent): boolean => kind !== 'procedure-step';
