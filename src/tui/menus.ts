import { formatStep, type Step, sameStep } from '../machine/step.js';
import { choiceText } from './choices.js';
import { stepTo } from './stepping.js';
import { type Menu, type MenuItem, say, type ViewState } from './view-state.js';
import type { Walk } from './walk.js';

export function withMenu(state: ViewState, menu: Menu): ViewState {
  return { ...state, message: undefined, overlay: menu };
}

/** Opens a menu of steps, also an empty one that says why. The next known step is marked, and where Enter begins. */
export function openMenu(
  walk: Walk,
  state: ViewState,
  title: string,
  steps: readonly Step[],
  remarks: readonly string[],
): ViewState {
  const { next } = walk.timeline;
  const isNext = (step: Step): boolean => next !== undefined && sameStep(step, next);
  const width = Math.max(0, ...steps.map((step) => formatStep(step).length));
  const items = steps.map((step): MenuItem => {
    const known = isNext(step) ? '  <- comes next' : '';
    return {
      text: `${formatStep(step).padEnd(width)}  ${choiceText(walk, step)}${known}`,
      pick: (same, now) => stepTo(same, now, step),
    };
  });
  return withMenu(state, { kind: 'menu', title, items, at: Math.max(0, steps.findIndex(isNext)), remarks });
}

/** Does the only step, or asks which. */
export function choose(walk: Walk, state: ViewState, title: string, steps: readonly Step[]): ViewState {
  const [only, ...others] = steps;
  if (only !== undefined && others.length === 0) return stepTo(walk, state, only);
  return openMenu(walk, state, title, steps, []);
}

/** A key while a menu is open. */
export function pressInMenu(walk: Walk, state: ViewState, menu: Menu, key: string): ViewState {
  const { items, at } = menu;
  const move = (to: number): ViewState => ({
    ...state,
    overlay: { ...menu, at: Math.max(0, Math.min(to, items.length - 1)) },
  });
  switch (key) {
    case 'down':
    case 'n':
    case 'tab':
      return move(at + 1);
    case 'up':
      return move(at - 1);
    case 'pagedown':
      return move(at + 10);
    case 'pageup':
      return move(at - 10);
    case 'home':
      return move(0);
    case 'end':
      return move(items.length - 1);
    case 'enter':
    case 'space':
    case 's': {
      const item = items[at];
      const closed = { ...state, overlay: undefined };
      return item === undefined ? closed : item.pick(walk, closed);
    }
    case 'escape':
    case 'q':
    case 'ctrl-c':
      return say({ ...state, overlay: undefined }, 'nothing was chosen');
    default:
      return state;
  }
}
