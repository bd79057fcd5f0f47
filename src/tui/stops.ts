import { InputError } from '../input-error.js';
import { hex } from '../property/monitor.js';
import { compileExpression } from '../scenario/expression/compile.js';
import { evaluateSymbolExpression } from '../scenario/expression.js';
import { plainText } from '../scenario/source-text.js';
import { didYouMean } from '../suggest.js';
import { MARK_NAMES, type Marks, markOf } from './marks.js';
import type { DoneStep } from './timeline.js';
import type { Walk } from './walk.js';

/** Where a run shall stop. */
export interface Stop {
  /** As it was typed, for lists and messages. */
  readonly text: string;
  readonly kind: 'address' | 'event' | 'condition' | 'watch' | 'text';
  /** The marks of which a step has to have one, where that is all there is to it: then no step has to be done again to know. */
  readonly marks?: Marks;
  /** What of the state it depends on, if it depends on what changes; to be asked for before a step and after it. */
  readonly sample?: () => string;
  /** Whether a step that was just done is where to stop. */
  readonly hits: (done: DoneStep, before: string, after: string) => boolean;
}

/** What `b` asks for, by example. */
export const BREAKPOINT_FORMS = "site+1, on trap, if worker.eax == 2; behind it perhaps 'cpu 1'";
/** What `w` asks for. */
export const WATCH_FORMS = 'an address or symbol, and how many bytes: counter 4';

/** Bytes that are watched where nobody says how many, and the most. */
const WATCHED = { default: 8, most: 4096 } as const;

/** Errors are about what was typed just now: they have no place in a file. */
const TYPED = 'input';

/**
 * Reads a breakpoint: `ADDRESS` (an expression over symbols), `on EVENT`, or `if CONDITION` (as in the scenario's `check`), and
 * behind the first two perhaps `cpu N`.
 * @throws InputError
 */
export function parseBreakpoint(text: string, walk: Walk): Stop {
  const typed = text.trim();
  if (typed === '') throw new InputError('nothing to break at', { hint: BREAKPOINT_FORMS });
  const condition = /^if\s+(.*)$/s.exec(typed)?.[1];
  if (condition !== undefined) return conditionStop(typed, condition, walk);
  const [, what = '', digits] = /^(.*?)(?:\s+cpu\s+([0-9]{1,2}))?$/s.exec(typed) ?? [];
  const cpu = digits === undefined ? undefined : cpuNumber(digits, walk);
  const event = /^on\s+(\S+)$/.exec(what)?.[1];
  if (event !== undefined) return eventStop(typed, event, cpu);
  return addressStop(typed, evaluateSymbolExpression(what, walk.built.symbolAddresses), cpu, walk);
}

/**
 * Reads a watch: `ADDRESS`, or `ADDRESS BYTES`.
 * @param cpu as it sees memory: stacks are private
 * @throws InputError
 */
export function parseWatch(text: string, { built, timeline }: Walk, cpu = 0): Stop {
  const { machine } = timeline;
  const typed = text.trim();
  const [, place = '', digits] = /^(.*?)(?:\s+([0-9]{1,5}))?$/s.exec(typed) ?? [];
  if (place === '') throw new InputError('nothing to watch', { hint: WATCH_FORMS });
  const address = evaluateSymbolExpression(place, built.symbolAddresses);
  const length = digits === undefined ? WATCHED.default : Number(digits);
  if (length < 1 || length > WATCHED.most) throw new InputError(`watches 1 to ${WATCHED.most} bytes, not ${length}`);
  const { memory } = machine;
  machine.lookThrough(cpu);
  for (const end of [address, address + BigInt(length - 1)]) {
    if (memory.pageAt(end) === undefined) throw new InputError(`nothing is mapped at 0x${end.toString(16)}`);
  }
  return {
    text: cpu === 0 ? `${place} ${length}` : `${place} ${length} as CPU ${cpu} sees it`,
    kind: 'watch',
    sample: () => {
      // Whoever did the last step: the same memory is looked at.
      machine.lookThrough(cpu);
      return unlessUnmapped(() => hex(memory.bytes(address, length)), 'not mapped');
    },
    hits: (_done, before, after) => before !== after,
  };
}

/** Stops at steps that have one of some marks. */
export function marksStop(text: string, marks: Marks): Stop {
  return { text, kind: 'event', marks, hits: (done) => (done.marks & marks) !== 0 };
}

/** Stops at steps whose line has a text in it. */
export function textStop(text: string, lineOf: (done: DoneStep) => string): Stop {
  const wanted = text.toLowerCase();
  return { text, kind: 'text', hits: (done) => lineOf(done).toLowerCase().includes(wanted) };
}

function addressStop(text: string, address: bigint, cpu: number | undefined, { timeline }: Walk): Stop {
  const { machine } = timeline;
  return {
    text,
    kind: 'address',
    hits: (done) => {
      const { rip } = machine.state(done.cpu);
      return rip === address && done.before.at(RIP) !== rip && (cpu === undefined || cpu === done.cpu);
    },
  };
}

/** Where RIP stands among the registers of a step. */
const RIP = -2;

function eventStop(text: string, name: string, cpu: number | undefined): Stop {
  const marks = markOf(name);
  if (marks === 0) {
    const hint = didYouMean(name, MARK_NAMES) ?? `events: ${MARK_NAMES.join(', ')}`;
    throw new InputError(`unknown event '${name}'`, { hint });
  }
  if (cpu === undefined) return marksStop(text, marks);
  return { text, kind: 'event', hits: (done) => (done.marks & marks) !== 0 && done.cpu === cpu };
}

/** Stops where a condition comes to hold. */
function conditionStop(text: string, condition: string, { built, timeline }: Walk): Stop {
  const { machine } = timeline;
  const tasks = new Map(machine.tasks.traits.map(({ name }, number) => [name, number]));
  const { holds } = compileExpression(plainText(condition, TYPED), { machine, symbols: built.symbolAddresses, tasks });
  const sample = (): string => unlessUnmapped(() => (holds() ? 'holds' : ''), '');
  return { text, kind: 'condition', sample, hits: (_done, before, after) => before === '' && after !== '' };
}

/** What is read, or something else while it is not mapped: the CPU may have another task now. */
function unlessUnmapped(read: () => string, otherwise: string): string {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return otherwise;
  }
}

function cpuNumber(digits: string, { timeline }: Walk): number {
  const cpu = Number(digits);
  if (cpu < timeline.machine.cpuCount) return cpu;
  throw new InputError(`there is no CPU ${cpu}: they are 0 to ${timeline.machine.cpuCount - 1}`);
}
