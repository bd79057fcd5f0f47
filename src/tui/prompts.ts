import { InputError } from '../input-error.js';
import { complain, type Prompt, type ViewState } from './view-state.js';
import type { Walk } from './walk.js';

/** The longest line. */
const LONGEST = 500;

/** Asks for a line. */
export function ask(
  state: ViewState,
  question: string,
  forms: string,
  answer: Prompt['answer'],
  typed = '',
): ViewState {
  return { ...state, message: undefined, prompt: { question, typed, forms, answer } };
}

/**
 * A key while a line is typed.
 * @param text what the key stands for; empty for one that is no character
 */
export function typeInto(walk: Walk, state: ViewState, prompt: Prompt, key: string, text: string): ViewState {
  const withText = (typed: string): ViewState => ({ ...state, prompt: { ...prompt, typed: typed.slice(0, LONGEST) } });
  switch (key) {
    case 'escape':
    case 'ctrl-c':
      return { ...state, prompt: undefined };
    case 'backspace':
      return withText(prompt.typed.slice(0, -1));
    case 'ctrl-u':
      return withText('');
    case 'enter':
      return answered(walk, state, prompt);
    default:
      return text === '' ? state : withText(prompt.typed + text);
  }
}

function answered(walk: Walk, state: ViewState, prompt: Prompt): ViewState {
  try {
    return prompt.answer(prompt.typed.trim(), walk, { ...state, prompt: undefined, message: undefined });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return complain(state, error.hint === undefined ? error.message : `${error.message}; ${error.hint}`);
  }
}
