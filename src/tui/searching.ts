import { begin } from './running.js';
import { stepLine } from './step-line.js';
import { textStop } from './stops.js';
import { complain, type ViewState } from './view-state.js';
import { KNOWN, type Walk } from './walk.js';

/** Looks for the next known step, or the one before, whose line has what was searched for last. */
export function find(walk: Walk, state: ViewState, direction: 'forward' | 'back'): ViewState {
  const { timeline, subject } = walk;
  const { search } = state;
  if (search === '') return complain(state, 'nothing was searched for yet: / asks for it');
  const stop = textStop(search, (done) => {
    const step = timeline.step(done.step);
    return step === undefined ? '' : stepLine(step, done, subject);
  });
  return begin(walk, state, { goal: `"${search}"`, direction, source: KNOWN, stops: [stop] });
}
