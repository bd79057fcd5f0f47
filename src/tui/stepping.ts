import { type Step, sameStep } from '../machine/step.js';
import { divergenceText, leftText } from './running.js';
import { complain, say, type ViewState } from './view-state.js';
import type { Walk } from './walk.js';

/** Does a step. */
export function stepTo(walk: Walk, state: ViewState, step: Step): ViewState {
  const { timeline } = walk;
  const { next, position, length } = timeline;
  const leaves = next !== undefined && !sameStep(next, step);
  timeline.forward(step);
  if (timeline.position === position) return complain(state, divergenceText(walk));
  const now = arrived(walk, state);
  if (!leaves) return now;
  return say(now, leftText(walk, length - position));
}

/** After a move: the CPU of the last step is the one that is looked at. */
export function arrived({ timeline }: Walk, state: ViewState): ViewState {
  const cpu = timeline.step(timeline.position)?.cpu;
  return { ...state, message: undefined, selected: cpu ?? state.selected };
}
