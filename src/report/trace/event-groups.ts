import type { MachineEvent } from '../../machine/event.js';
import type { Subject } from '../subject.js';

type Kind = MachineEvent['kind'];

/** A name for what a trace may be limited to, and the kinds of events that it stands for. */
interface EventGroup {
  readonly kinds: readonly Kind[];
  /** What is in it, for people. */
  readonly about: string;
  /** Of those kinds, which events; default: all. */
  readonly where?: (event: MachineEvent, subject: Subject) => boolean;
}

/** What `--only` takes; every kind of event is in one at least. */
export const EVENT_GROUPS = {
  site: {
    kinds: ['instruction', 'text-store'],
    about: 'instructions that lie on bytes of a site, stores to them',
    where: touchesSite,
  },
  insn: { kinds: ['instruction'], about: 'all instructions' },
  store: { kinds: ['text-store'], about: 'all stores to text' },
  trap: { kinds: ['trap', 'iret', 'stopped'], about: 'exceptions, returns from handlers, CPUs that stop' },
  ipi: {
    kinds: ['ipi-sent', 'ipi-accepted', 'ipi-acked'],
    about: 'interrupts sent, accepted (NMIs too), acknowledged',
  },
  sync: {
    kinds: ['serialize', 'sync-deferred', 'deferred-sync'],
    about: 'serialisation, sync cores that are deferred',
  },
  patch: { kinds: ['patch-begin', 'patch-return'], about: 'the patch API entered and left' },
  procedure: { kinds: ['procedure-step'], about: 'steps of patchers and handlers' },
  sched: { kinds: ['switch', 'quiescent-state', 'halt'], about: 'task switches, quiescent states, HLT' },
  range: {
    kinds: ['range-entered', 'range-left', 'range-retired'],
    about: 'stubs and vectors entered, left, given up',
  },
  'shadow-stack': { kinds: ['shadow-stack'], about: 'changes of an interrupted shadow stack' },
} as const satisfies Readonly<Record<string, EventGroup>>;

export type EventGroupName = keyof typeof EVENT_GROUPS;

/** Their names, in the order of the table. */
export const EVENT_GROUP_NAMES = Object.keys(EVENT_GROUPS).filter(isEventGroup);

export function isEventGroup(name: string): name is EventGroupName {
  return Object.hasOwn(EVENT_GROUPS, name);
}

function touchesSite(event: MachineEvent, { sites }: Subject): boolean {
  if (event.kind !== 'instruction' && event.kind !== 'text-store') return false;
  const [start, bytes] = event.kind === 'instruction' ? [event.rip, event.bytes] : [event.address, event.after];
  // An instruction of which nothing could be fetched is where its first byte would be.
  const end = start + BigInt(Math.max(1, bytes.length));
  return sites.some(({ address, versions }) => start < address + BigInt(versions[0]?.length ?? 0) && address < end);
}
