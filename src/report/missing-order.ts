import type { InstructionEvent, TextStoreEvent } from '../machine/event.js';
import type { StepEvents } from './step-events.js';
import type { Subject } from './subject.js';

/** A store to text, and in which step of the trace. */
interface Store {
  readonly step: number;
  readonly event: TextStoreEvent;
  readonly label: string | undefined;
}

/**
 * The ordering edge that was missing, in words: for each stale byte of the last instruction the store that its CPU had not
 * seen, and the first serialisation of that CPU after it. Nothing when all bytes were what memory held.
 */
export function missingOrder(steps: readonly StepEvents[], { code }: Subject): string[] {
  const fetched = lastInstruction(steps);
  if (fetched === undefined) return [];
  const { cpu, rip, bytes, times } = fetched;
  const lines: string[] = [];
  for (let i = 0; i < bytes.length; i++) {
    const address = rip + BigInt(i);
    const missed = storesTo(steps, address).find(({ event }) => event.time > (times[i] ?? 0));
    if (missed === undefined) continue;
    const { step, event, label } = missed;
    const by = `CPU ${event.cpu} in step ${step}${label === undefined ? '' : ` ("${label}")`}`;
    lines.push(
      `byte ${i} at ${code.address(address)} is stale: CPU ${cpu} has not seen the store of ${by}; ${serialisation(steps, cpu, step)}`,
    );
  }
  return lines;
}

function lastInstruction(steps: readonly StepEvents[]): InstructionEvent | undefined {
  return steps.at(-1)?.events.find((event) => event.kind === 'instruction');
}

/** The stores that changed a byte, oldest first. */
function storesTo(steps: readonly StepEvents[], address: bigint): Store[] {
  return steps.flatMap(({ step, events }) => {
    const label = events.find((event) => event.kind === 'procedure-step')?.label;
    return events.flatMap((event) => {
      if (event.kind !== 'text-store') return [];
      const at = Number(address - event.address);
      const changed = at >= 0 && at < event.after.length && event.before[at] !== event.after[at];
      return changed ? [{ step, event, label }] : [];
    });
  });
}

function serialisation(steps: readonly StepEvents[], cpu: number, after: number): string {
  const found = steps.find(
    ({ step, events }) => step > after && events.some((event) => event.kind === 'serialize' && event.cpu === cpu),
  );
  return found === undefined
    ? `CPU ${cpu} has not serialised since`
    : `CPU ${cpu} serialised first in step ${found.step}`;
}
