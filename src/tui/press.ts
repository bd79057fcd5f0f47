import { COMMANDS } from './commands.js';
import { pressInMenu } from './menus.js';
import { typeInto } from './prompts.js';
import { interrupt } from './running.js';
import { complain, type Overlay, type ViewState } from './view-state.js';
import type { Walk } from './walk.js';

/** A key: its name (`down`, `enter`, `ctrl-c`, `space`, or the character) and the text that it types, if any. */
export interface Key {
  readonly name: string;
  readonly text: string;
}

const BY_KEY = new Map(COMMANDS.flatMap((command) => command.keys.map((key) => [key, command] as const)));

/** Lines of a page in an overlay. */
const PAGE = 10;

/** What a key makes of the view; the execution is moved with it. */
export function press(walk: Walk, before: ViewState, { name, text }: Key): ViewState {
  const state = { ...before, request: undefined };
  if (state.run !== undefined) return interrupt(state);
  if (state.prompt !== undefined) return typeInto(walk, state, state.prompt, name, text);
  if (state.overlay?.kind === 'menu') return pressInMenu(walk, state, state.overlay, name);
  if (state.overlay !== undefined) return scroll(state, state.overlay, name);
  const command = BY_KEY.get(name);
  if (command !== undefined) return command.run(walk, state, name);
  return name === 'escape'
    ? { ...state, message: undefined }
    : complain(state, `no command has the key ${name}; ? is help`);
}

/** A key over a text that may be longer than the screen. */
function scroll(state: ViewState, overlay: Exclude<Overlay, { kind: 'menu' }>, name: string): ViewState {
  const to = (from: number): ViewState => ({ ...state, overlay: { ...overlay, from: Math.max(0, from) } });
  switch (name) {
    case 'down':
    case 'enter':
      return to(overlay.from + 1);
    case 'up':
      return to(overlay.from - 1);
    case 'pagedown':
    case 'space':
      return to(overlay.from + PAGE);
    case 'pageup':
      return to(overlay.from - PAGE);
    case 'home':
      return to(0);
    default:
      return { ...state, overlay: undefined };
  }
}
