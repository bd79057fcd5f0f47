import type { MachineEvent } from '../../../src/machine/event.js';
import { NEW, OLD, SITE } from '../subject.js';

/** An event of each kind; the type says that none is missing. */
export const EVERY_EVENT = {
  instruction: { kind: 'instruction', cpu: 1, rip: SITE, bytes: OLD, times: [0, 0, 3, 0, 0], exception: undefined },
  'text-store': { kind: 'text-store', cpu: 0, address: SITE, before: OLD, after: NEW, time: 3, alias: 0x1000n },
  trap: { kind: 'trap', cpu: 2, vector: 14, rip: SITE + 1n, errorCode: 16 },
  iret: { kind: 'iret', cpu: 1, rip: SITE },
  serialize: { kind: 'serialize', cpu: 1 },
  halt: { kind: 'halt', cpu: 2 },
  'ipi-sent': { kind: 'ipi-sent', cpu: 0, vector: 252, targets: [1, 2] },
  'ipi-accepted': { kind: 'ipi-accepted', cpu: 1, vector: 252 },
  'ipi-acked': { kind: 'ipi-acked', cpu: 1, vector: 252, initiators: [0, 2] },
  'sync-deferred': { kind: 'sync-deferred', cpu: 0, targets: [2] },
  'deferred-sync': { kind: 'deferred-sync', cpu: 2 },
  switch: { kind: 'switch', cpu: 1, from: 'worker "a"', to: undefined },
  'quiescent-state': { kind: 'quiescent-state', cpu: 1, of: 'task', last: true },
  'shadow-stack': { kind: 'shadow-stack', cpu: 1, op: 'push', address: SITE + 5n },
  'procedure-step': { kind: 'procedure-step', cpu: 0, procedure: 'p\\q', label: 'say "hello"\u2028\n' },
  'patch-begin': { kind: 'patch-begin', cpu: 0, patch: 0 },
  'patch-return': { kind: 'patch-return', cpu: 0, patch: 7 },
  'range-entered': { kind: 'range-entered', cpu: 1, range: 'stub', interrupted: true },
  'range-left': { kind: 'range-left', cpu: 1, range: 'stub' },
  'range-retired': { kind: 'range-retired', cpu: 0, range: 'stub' },
  stopped: { kind: 'stopped', cpu: 1, rip: SITE, reason: 'unhandled "#UD"' },
} as const satisfies Readonly<Record<MachineEvent['kind'], MachineEvent>>;
