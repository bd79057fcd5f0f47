import { jump } from './moves.js';
import { advance } from './running.js';
import { FIRST_VIEW, type ViewState } from './view-state.js';
import type { Walk } from './walk.js';

/**
 * Goes to a position that a person wrote, however far it is.
 * @returns what is looked at there, and what there is to say if it could not be reached
 * @throws InputError for what is no position
 */
export function arriveAt(walk: Walk, typed: string): ViewState {
  let state = jump(walk, FIRST_VIEW, typed);
  while (state.run !== undefined) state = advance(walk, state);
  return state;
}
