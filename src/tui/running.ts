import { endingOf } from '../explore/ending.js';
import { verdictOf, verdictText } from '../explore/verdict.js';
import { grouped } from '../report/quantity.js';
import { standstillText } from '../report/standstill.js';
import { EVENT_MARKS, markNames } from './marks.js';
import { type Outcome, Run, type RunPlan } from './run.js';
import { marksStop } from './stops.js';
import { complain, say, type ViewState } from './view-state.js';
import { ANY, type Source, type Walk } from './walk.js';

/** Steps that a run does before a key is looked at again: few at first, so that short runs are over at once. */
const SLICE = { first: 256, most: 4096 } as const;

/** What runs look for that stop at breakpoints and watches; when one is there it is named. */
export const A_BREAKPOINT = 'a breakpoint';

/** Begins a run, and does as much of it as takes no time worth speaking of. */
export function begin(walk: Walk, state: ViewState, plan: RunPlan, slow = false): ViewState {
  const begun = { ...state, message: undefined, run: new Run(walk, plan), slow };
  return advance(walk, begun);
}

/** Goes on with a run, a slice further or, if it is a slow one, a step. When it is over the message says why. */
export function advance(walk: Walk, state: ViewState): ViewState {
  const { run } = state;
  const count = Math.min(SLICE.most, SLICE.first + (run?.looked ?? 0));
  const outcome = run?.advance(state.slow ? 1 : count);
  if (run === undefined || outcome === undefined) return selectMoved(walk, state);
  const over = told(walk, { ...state, run: undefined, slow: false }, run, outcome);
  return selectMoved(walk, run.left === 0 ? over : alsoSay(over, leftText(walk, run.left)));
}

/** That what was known of the steps to come is known no more. */
export function leftText({ timeline }: Walk, steps: number): string {
  const back = timeline.recorded.length > 0 ? '; R leads back to the record' : '';
  return `another way than the ${steps} steps that were known from here${back}`;
}

function alsoSay(state: ViewState, text: string): ViewState {
  const { message } = state;
  return {
    ...state,
    message: message === undefined ? { kind: 'said', text } : { ...message, text: `${message.text}; ${text}` },
  };
}

/** Ends a run where it is. */
export function interrupt(state: ViewState): ViewState {
  return say({ ...state, run: undefined, slow: false }, 'stopped by a key');
}

function told(walk: Walk, state: ViewState, { plan, origin }: Run, outcome: Outcome): ViewState {
  const { timeline } = walk;
  const isSearch = plan.source.kind === 'known';
  switch (outcome.kind) {
    case 'stopped': {
      // A violation is told in its own words.
      if (timeline.end !== undefined || plan.goal === '') return state;
      const events = outcome.stops.some(({ kind }) => kind === 'event');
      const names = events ? ` (${markNames(timeline.marksOf(timeline.position) & EVENT_MARKS).join(', ')})` : '';
      const what = plan.goal === A_BREAKPOINT ? outcome.stops.map(({ text }) => text).join(', ') : plan.goal;
      return say(state, `${what}: step ${timeline.position}${names}`);
    }
    case 'diverged':
      return complain(state, divergenceText(walk));
    case 'beginning':
      if (!isSearch) return say(state, `${plan.goal}: none before; this is the beginning`);
      timeline.goTo(origin);
      return complain(state, `${plan.goal} is in none of the steps before`);
    case 'no-step':
      if (!isSearch) return whyNoStep(walk, state, plan.source);
      timeline.goTo(origin);
      return complain(state, `${plan.goal} is in none of the known steps from here on`);
  }
}

/** Says why there is no next step. */
export function whyNoStep(walk: Walk, state: ViewState, source: Source = ANY): ViewState {
  const { timeline } = walk;
  const { machine, monitors, end, position, isFull } = timeline;
  if (isFull) return complain(state, `${grouped(position)} steps are all that a schedule may have`);
  if (end === undefined && source.kind === 'cpu' && machine.enabled().length > 0) {
    return complain(state, `CPU ${source.cpu} cannot do anything now: others have to go on`);
  }
  const ending = end ?? endingOf(machine, monitors);
  if (ending.kind === 'violated') return complain(state, `the execution ends here: ${verdictText(verdictOf(ending))}`);
  if (ending.kind === 'finished' && ending.waiting.length === 0) return say(state, 'everything has finished');
  const [why = ''] = standstillText(ending, machine, walk.subject.code);
  return complain(state, `nothing can happen any more: ${why}`);
}

export function divergenceText({ timeline }: Walk): string {
  const { divergence } = timeline;
  if (divergence === undefined) return '';
  return `the record cannot be followed at step ${divergence.step}: expected ${divergence.expected}, found ${divergence.found}`;
}

/** A stop at any event. */
export const ANY_EVENT = marksStop('an event', EVENT_MARKS);

/** Keeps the CPU on the screen whose step it was. */
function selectMoved({ timeline }: Walk, state: ViewState): ViewState {
  const step = timeline.step(timeline.position);
  return step === undefined ? state : { ...state, selected: step.cpu };
}
