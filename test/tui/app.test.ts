import { cleanup, render } from 'ink-testing-library';
import { createElement } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { InputError } from '../../src/input-error.js';
import { PLAIN } from '../../src/report/paint.js';
import { App, type Surroundings } from '../../src/tui/ink/app.js';
import { FIRST_VIEW } from '../../src/tui/view-state.js';
import type { Walk } from '../../src/tui/walk.js';
import { counterexample, screen } from './walks.js';

const KEYS = { up: '\u001b[A', down: '\u001b[B', end: '\u001b[F', enter: '\r', escape: '\u001b', ctrlC: '\u0003' };

afterEach(cleanup);

/** The stepper on a terminal of 100 columns that is not there. */
function open(walk: Walk, around: Partial<Surroundings> = {}) {
  const calls: string[] = [];
  const app = render(
    createElement(App, {
      walk,
      around: {
        paint: PLAIN,
        quit: () => calls.push('quit'),
        save: async (file) => `saved ${file}`,
        crash: (error) => calls.push(`crash ${String(error)}`),
        ...around,
      },
    }),
  );
  const shown = (): string => (app.lastFrame() ?? '').replaceAll(/ +$/gm, '').trimEnd();
  /** Presses a key and waits for what has to be there then. */
  const press = async (key: string, until: string | RegExp): Promise<void> => {
    app.stdin.write(key);
    await expect.poll(shown, { interval: 5 }).toMatch(until);
  };
  return { press, shown, calls };
}

describe('the stepper in a terminal', () => {
  it('goes through a counterexample to its violation and back, and shows what the views say', async () => {
    const { walk } = await counterexample('stub.plain');
    const { press, shown, calls } = open(walk);
    await expect.poll(shown).toContain('step 0 of 57');
    await press(KEYS.down, 'step 1 of 57');
    await press('nn', 'step 3 of 57');
    for (const step of [4, 5]) await press('e', `step ${step} of 57`);
    await press(KEYS.end, /step 57 of 57 {2}recorded[\s\S]*VIOLATED no-use-after-reuse/);
    expect(shown()).toBe(screen(walk, { ...FIRST_VIEW, selected: 1 }, 100, 23).trimEnd());
    await press(KEYS.up, 'step 56 of 57');
    expect(shown()).not.toContain('VIOLATED');
    await press('C', 'step 0 of 57');
    await press('b', /break at: _/);
    await press('on trap', /break at: on trap_/);
    await press(KEYS.enter, 'breakpoint: on trap');
    await press('c', 'step 37 of 57');
    await press('o', /What happens next\?[\s\S]*> cpu1 proc/);
    await press(KEYS.escape, 'nothing was chosen');
    await press('q', /step 37/);
    expect(calls).toEqual(['quit']);
    expect(walk.timeline.done).toBe(57);
  });

  it('tells where a schedule went, and what was wrong with the file', async () => {
    const { walk } = await counterexample('stub.plain');
    const save = async (file: string): Promise<string> => {
      if (file === 'stub.plain.step-0.schedule') return `saved ${file}`;
      throw new InputError(`cannot write ${file}: permission denied`);
    };
    const { press, calls } = open(walk, { save });
    await press('S', /save to: stub.plain.step-0.schedule_/);
    await press(KEYS.enter, 'saved stub.plain.step-0.schedule');
    await press('S', /save to: /);
    await press('x', /schedulex_/);
    await press(KEYS.enter, 'cannot write stub.plain.step-0.schedulex: permission denied');
    await press(KEYS.ctrlC, 'step 0');
    expect(calls).toEqual(['quit']);
  });

  it('ends the program with what goes wrong inside', async () => {
    const { walk } = await counterexample('stub.plain');
    const broken = { ...walk, fileName: () => { throw new Error('broken'); } }; // biome-ignore format: one line
    const { press, calls } = open(broken);
    await press('S', 'step 0');
    await expect.poll(() => calls).toEqual(['crash Error: broken']);
  });
});
