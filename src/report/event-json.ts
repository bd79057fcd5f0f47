import type { InstructionEvent, MachineEvent } from '../machine/event.js';
import { hex, hexAddress } from '../property/monitor.js';
import type { StepEvents } from './step-events.js';
import type { Subject } from './subject.js';

/** A value that JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The name and version of the format that {@link eventJson} gives. */
export const EVENT_SCHEMA = 'xmc.event/1';

/** One event of a step, with addresses and bytes as hex strings. */
export function eventJson({ step }: Pick<StepEvents, 'step'>, event: MachineEvent, subject: Subject): Json {
  return { event: event.kind, step, cpu: event.cpu, ...detail(event, subject) };
}

function detail(event: MachineEvent, { code, patches }: Subject): Record<string, Json> {
  const place = (address: bigint) => ({ address: hexAddress(address), symbol: code.address(address) });
  switch (event.kind) {
    case 'instruction':
      return { ...place(event.rip), ...instructionJson(event, code) };
    case 'text-store':
      return {
        ...place(event.address),
        before: hex(event.before),
        after: hex(event.after),
        time: event.time,
        ...(event.alias === undefined ? {} : { alias: hexAddress(event.alias) }),
      };
    case 'trap':
      return { ...place(event.rip), vector: event.vector, errorCode: event.errorCode };
    case 'iret':
      return place(event.rip);
    case 'stopped':
      return { ...place(event.rip), reason: event.reason };
    case 'ipi-sent':
      return { vector: event.vector, targets: event.targets };
    case 'ipi-accepted':
      return { vector: event.vector };
    case 'ipi-acked':
      return { vector: event.vector, initiators: event.initiators };
    case 'procedure-step':
      return { procedure: event.procedure, label: event.label };
    case 'patch-begin':
    case 'patch-return':
      return { patch: event.patch, site: patches[event.patch]?.site ?? null, insn: patches[event.patch]?.insn ?? null };
    case 'range-entered':
    case 'range-left':
    case 'range-retired':
      return { range: event.range };
    case 'switch':
      return { from: event.from ?? null, to: event.to ?? null };
    case 'shadow-stack':
      return { ...place(event.address), op: event.op };
    case 'sync-deferred':
      return { targets: event.targets };
    case 'quiescent-state':
      return { of: event.of, last: event.last };
    case 'deferred-sync':
    case 'serialize':
    case 'halt':
      return {};
  }
}

function instructionJson({ rip, bytes, times, exception }: InstructionEvent, code: Subject['code']) {
  return { bytes: hex(bytes), times, text: code.insn(bytes, rip), exception: exception ?? null };
}
