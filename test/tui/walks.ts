import { fileURLToPath } from 'node:url';
import { type Opened, openScenario, openSchedule } from '../../src/cli/step/open-walk.js';
import { PLAIN } from '../../src/report/paint.js';
import { press } from '../../src/tui/press.js';
import { rowText } from '../../src/tui/row.js';
import { advance } from '../../src/tui/running.js';
import { FIRST_VIEW, type ViewState } from '../../src/tui/view-state.js';
import { frame } from '../../src/tui/views/frame.js';
import type { Walk } from '../../src/tui/walk.js';

const pathOf = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** The committed counterexample that begins with a name: `stub.plain`. */
export function counterexample(name: string): Promise<Opened> {
  return openSchedule(pathOf(`test/schedules/${name}.schedule`), 'wasm');
}

/** A scenario, below scenarios/ unless a folder is named. */
export function scenario(name: string, variant?: string): Promise<Opened> {
  return openScenario(pathOf(name.includes('/') ? `${name}.yaml` : `scenarios/${name}.yaml`), variant, 'wasm');
}

/** Presses keys, one after the other, and lets runs come to their end. `"text"` types, other words are names of keys. */
export function pressAll(walk: Walk, keys: string, from: ViewState = FIRST_VIEW): ViewState {
  let state = from;
  for (const [word, text] of keys.matchAll(/"([^"]*)"|\S+/g)) {
    const pressed =
      text === undefined ? [word] : [...text].map((character) => (character === ' ' ? 'space' : character));
    for (const name of pressed) {
      state = press(walk, state, { name, text: name === 'space' ? ' ' : name.length === 1 ? name : '' });
      while (state.run !== undefined) state = advance(walk, state);
    }
  }
  return state;
}

/** The screen, without colours and without spaces at the ends of lines. */
export function screen(walk: Walk, state: ViewState, columns = 80, rows = 23): string {
  return frame(walk, state, { columns, rows })
    .map((spans) => rowText(spans, PLAIN).trimEnd())
    .join('\n');
}
