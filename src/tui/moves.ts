import { InputError } from '../input-error.js';
import type { Step } from '../machine/step.js';
import { OWN_STEPS } from '../machine/step-kinds.js';
import { choose, openMenu } from './menus.js';
import { begin, divergenceText, whyNoStep } from './running.js';
import { arrived } from './stepping.js';
import { complain, type ViewState } from './view-state.js';
import { KNOWN, type Walk } from './walk.js';

/** A step of a CPU by itself; where there are several, the user chooses. */
export function stepCpu(walk: Walk, state: ViewState, cpu: number): ViewState {
  const { timeline } = walk;
  const { machine } = timeline;
  if (cpu >= machine.cpuCount) return complain(state, `there is no CPU ${cpu}`);
  const selected = { ...state, selected: cpu };
  if (timeline.end !== undefined || timeline.isFull) return whyNoStep(walk, selected);
  const steps: Step[] = [];
  machine.enabledOn(cpu, steps);
  const own = steps.filter(({ kind }) => OWN_STEPS.has(kind));
  if (own.length > 0) return choose(walk, selected, `What does CPU ${cpu} do?`, own);
  if (steps.length === 0) return whyNoStep(walk, selected, { kind: 'cpu', cpu });
  // An NMI or another task is never all that the key means.
  return openMenu(walk, selected, `CPU ${cpu} waits. What happens there?`, steps, []);
}

/** Steps that were never done and are done at once; a run goes further. */
const AT_ONCE = 256;

/** Goes to a position, as far as it is known. */
export function goTo(walk: Walk, state: ViewState, position: number): ViewState {
  const { timeline } = walk;
  const wanted = Math.max(0, Math.min(position, timeline.length));
  if (wanted > timeline.done + AT_ONCE) {
    timeline.goTo(timeline.done);
    const until = (): boolean => timeline.position >= wanted;
    return begin(walk, state, { goal: '', direction: 'forward', source: KNOWN, stops: [], until });
  }
  if (!timeline.goTo(wanted)) return complain(arrived(walk, state), divergenceText(walk));
  return arrived(walk, state);
}

/**
 * Goes where a line says: `37`, `+5`, `-5`, `end`.
 * @throws InputError
 */
export function jump(walk: Walk, state: ViewState, typed: string): ViewState {
  const { timeline } = walk;
  if (typed === 'end') return goTo(walk, state, timeline.length);
  const [, sign, digits] = /^([+-]?)\s*([0-9]{1,9})$/.exec(typed) ?? [];
  if (digits === undefined) throw new InputError(`'${typed}' is no position`, { hint: '37, +5, -5, end' });
  const distance = Number(digits);
  const to = sign === '+' ? timeline.position + distance : sign === '-' ? timeline.position - distance : distance;
  if (to < 0 || to > timeline.length) {
    throw new InputError(`there is no position ${to}: the known steps are 0 to ${timeline.length}`);
  }
  return goTo(walk, state, to);
}

/** Selects another CPU. */
export function select({ timeline }: Walk, state: ViewState, by: number): ViewState {
  const count = timeline.machine.cpuCount;
  return { ...state, message: undefined, selected: (state.selected + by + count) % count };
}

/** The selected CPU runs alone until what it is in is over: the procedure that it has called, or the handler. */
export function finish(walk: Walk, state: ViewState): ViewState {
  const { machine } = walk.timeline;
  const { selected: cpu } = state;
  const contexts = machine.context(cpu);
  const { depth, frames } = contexts;
  if (depth <= 1 && frames === 0) return complain(state, `CPU ${cpu} is in no procedure and in no handler`);
  return begin(walk, state, {
    goal: `CPU ${cpu} is out of it`,
    direction: 'forward',
    source: { kind: 'cpu', cpu },
    stops: [],
    until: () => contexts.depth < depth || (frames > 0 && contexts.frames < frames),
  });
}
