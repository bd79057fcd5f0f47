import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { prepare } from '../../src/judge/prepare.js';
import { formatStep } from '../../src/machine/step.js';
import { COMMANDS } from '../../src/tui/commands.js';
import { press } from '../../src/tui/press.js';
import { advance } from '../../src/tui/running.js';
import { FIRST_VIEW, type ViewState } from '../../src/tui/view-state.js';
import type { Walk } from '../../src/tui/walk.js';
import { counterexample, pressAll, scenario, screen } from './walks.js';

let walk: Walk;

beforeEach(async () => {
  walk = (await counterexample('stub.plain')).walk;
});

/** Where keys lead, and what is said there. */
function lead(keys: string, from?: ViewState): readonly [position: number, said: string | undefined] {
  const { message } = pressAll(walk, keys, from);
  return [walk.timeline.position, message?.text];
}

describe('the keys', () => {
  it('are each of one command', () => {
    const keys = COMMANDS.flatMap((command) => command.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('ask before an NMI takes a place in the execution, and say what a run leaves behind', async () => {
    walk = (await counterexample('stub.sti-nmi')).walk;
    walk.timeline.goTo(9);
    const { overlay } = pressAll(walk, '0');
    expect(overlay).toMatchObject({ kind: 'menu', title: 'CPU 0 waits. What happens there?' });
    expect(walk.timeline.position).toBe(9);
    expect(lead('u', { ...FIRST_VIEW, selected: 0 })).toEqual([
      9,
      'CPU 0 cannot do anything now: others have to go on',
    ]);
    walk.timeline.goTo(40);
    const [position, said] = lead('u', { ...FIRST_VIEW, selected: 0 });
    expect(position).toBeGreaterThan(40);
    expect(said).toMatch(/; another way than the [0-9]+ steps that were known from here; R leads back to the record$/);
  });

  it('say of interrupts at the end only that it is the end', () => {
    const { overlay } = pressAll(walk, 'end i');
    expect(overlay).toMatchObject({ remarks: ['the execution has ended here'] });
  });

  it('go through a counterexample both ways, to the violation and back to the beginning', () => {
    expect(lead('down n space')).toEqual([3, undefined]);
    expect(lead('up backspace')).toEqual([1, undefined]);
    expect(lead('pagedown')).toEqual([11, undefined]);
    expect(lead('pageup')).toEqual([1, undefined]);
    expect(lead('end')).toEqual([57, undefined]);
    expect(walk.timeline.monitors.violation?.property).toBe('no-use-after-reuse');
    expect(lead('n')).toEqual([57, 'the execution ends here: VIOLATED no-use-after-reuse']);
    expect(lead('home')).toEqual([0, undefined]);
    expect(lead('up')).toEqual([0, 'this is the beginning']);
  });

  it('run from event to event and back over the same ones', () => {
    const events: number[] = [];
    while (walk.timeline.end === undefined) events.push(lead('e')[0]);
    expect(events).toEqual(expect.arrayContaining([3, 4, 16, 26, 37, 46, 57]));
    const back = [57];
    while (walk.timeline.position > 0) back.push(lead('E')[0]);
    expect(back.toReversed()).toEqual([0, ...events]);
    expect(lead('E')).toEqual([0, 'the previous event: none before; this is the beginning']);
  });

  it('do a step of the CPU that is named, and lead back to the record', () => {
    const { timeline } = walk;
    expect(lead('1')).toEqual([
      1,
      'another way than the 57 steps that were known from here; R leads back to the record',
    ]);
    expect(timeline.past().map(formatStep)).toEqual(['cpu1 insn']);
    expect(lead('0 s')).toEqual([3, undefined]);
    expect(timeline.past().map(formatStep)).toEqual(['cpu1 insn', 'cpu0 proc', 'cpu0 proc']);
    expect(lead('7')).toEqual([3, 'there is no CPU 7']);
    expect(lead('R')).toEqual([0, 'the recorded schedule again, 57 steps']);
    expect(lead('end')[0]).toBe(57);
  });

  it('deliver interrupts where they may come in, and say why not elsewhere', async () => {
    while (walk.timeline.machine.pending[1]?.vectors.length !== 1) lead('n');
    const state = pressAll(walk, 'right i', { ...FIRST_VIEW, selected: 0 });
    expect(state.overlay).toMatchObject({ title: 'What comes in on CPU 1?' });
    expect(screen(walk, state)).toContain('> cpu1 accept 0xfc  accepts IPI 0xfc (CALL_FUNCTION_VECTOR) at site');
    expect(screen(walk, state)).toContain('no NMI: the budget of NMIs is used up');
    pressAll(walk, 'enter', state);
    expect(walk.timeline.step(walk.timeline.position)).toEqual({ kind: 'accept', cpu: 1, vector: 0xfc });
    // In its handler.
    expect(screen(walk, pressAll(walk, 'i'))).toMatch(/nothing[\s\S]*no interrupt is pending/);
    walk = (await scenario('stub', 'sti-nmi')).walk;
    pressAll(walk, '1');
    const nmi = pressAll(walk, 'i enter', { ...FIRST_VIEW, selected: 1 });
    expect(nmi.overlay).toBeUndefined();
    expect(walk.timeline.past().map(formatStep)).toEqual(['cpu1 insn', 'cpu1 nmi']);
  });

  it('choose what a fetch returns where there is a choice', async () => {
    walk = (await counterexample('text-poke-bp-no-sync1.straddling')).walk;
    const asked = pressAll(walk, 'end up 1');
    expect(screen(walk, asked)).toContain('> cpu1 insn t=0,2  fetches e8 3d 51 ff 00  call old+0x1200  (stale;');
    pressAll(walk, 'down enter', asked);
    expect([walk.timeline.step(12), walk.timeline.end]).toEqual([
      { kind: 'instruction', cpu: 1, times: [1] },
      undefined,
    ]);
    pressAll(walk, 'up 1 up enter');
    expect(walk.timeline.end?.kind).toBe('violated');
  });

  it('run one CPU alone, out of its procedure, and say when it has to wait', () => {
    pressAll(walk, 'g "7" enter');
    const handler = { ...FIRST_VIEW, selected: 1 };
    expect(walk.timeline.machine.context(1).depth).toBe(2);
    expect(lead('f', handler)).toEqual([10, 'CPU 1 is out of it: step 10']);
    expect(walk.timeline.machine.context(1).depth).toBe(1);
    expect(lead('u')[1]).toMatch(/^the next event: step [0-9]+ \(/);
    pressAll(walk, 'home');
    for (let tries = 0; tries < 9; tries++) pressAll(walk, 'u', { ...FIRST_VIEW, selected: 0 });
    expect(lead('u', { ...FIRST_VIEW, selected: 0 })[1]).toBe('CPU 0 cannot do anything now: others have to go on');
    expect(lead('f', { ...FIRST_VIEW, selected: 1 })[1]).toBe('CPU 1 is in no procedure and in no handler');
    expect(lead('p')[1]).toBe('no procedure can go on now');
  });

  it('set breakpoints and watches, run to them and back, and delete them', () => {
    const typed = pressAll(walk, 'b "stub" enter w "site 5" enter');
    expect(typed.stops.map(({ kind, text }) => `${kind} ${text}`)).toEqual(['address stub', 'watch site 5']);
    const run = (key: string) => {
      const state = pressAll(walk, key, typed);
      return [walk.timeline.position, state.message?.text];
    };
    expect(run('c')).toEqual([16, 'site 5: step 16']);
    expect(run('c')).toEqual([26, 'site 5: step 26']);
    expect(run('c')[0]).toBe(43);
    expect(run('C')[0]).toBe(26);
    expect(run('home c c c c c')[0]).toBe(57);
    expect(run('C')[0]).toBe(46);
    expect(pressAll(walk, 'd down enter', typed).stops.map(({ text }) => text)).toEqual(['stub']);
    expect(pressAll(walk, 'd escape', typed).stops).toHaveLength(2);
  });

  it('keep a line that was not understood, and say what is wrong', () => {
    const state = pressAll(walk, 'b "sitte" enter');
    expect([state.prompt?.typed, state.message?.text]).toEqual([
      'sitte',
      "unknown symbol 'sitte'; did you mean 'site'?",
    ]);
    const mended = pressAll(walk, 'backspace backspace backspace "te" enter', state);
    expect([mended.prompt, mended.stops[0]?.text]).toEqual([undefined, 'site']);
    expect(pressAll(walk, 'escape', state).prompt).toBeUndefined();
  });

  it('jump, search, and search on', () => {
    expect(lead('g "37" enter')).toEqual([37, undefined]);
    expect(lead('g "-7" enter')[0]).toBe(30);
    expect(lead('g "+2" enter')[0]).toBe(32);
    expect(lead('g "end" enter')[0]).toBe(57);
    expect(lead('g "58" enter')[1]).toContain('there is no position 58: the known steps are 0 to 57');
    pressAll(walk, 'home');
    const found = pressAll(walk, '/ "#BP" enter');
    expect([walk.timeline.position, found.message?.text]).toEqual([37, '"#BP": step 37']);
    expect(pressAll(walk, '.', found).message?.text).toBe('"#BP" is in none of the known steps from here on');
    expect(walk.timeline.position).toBe(37);
    expect(pressAll(walk, ',', found).message?.text).toBe('"#BP" is in none of the steps before');
    expect(walk.timeline.position).toBe(37);
    expect(pressAll(walk, 'g "50" enter ,', found).search).toBe('#BP');
    expect(walk.timeline.position).toBe(37);
    expect(lead('.')[1]).toContain('nothing was searched for yet');
  });

  it('ask to save under a name that no counterexample has', () => {
    const asked = pressAll(walk, 'n n S');
    expect(asked.prompt?.typed).toBe('stub.plain.step-2.schedule');
    expect(pressAll(walk, 'enter', asked).request).toEqual({ kind: 'save', file: 'stub.plain.step-2.schedule' });
    expect(pressAll(walk, 'ctrl-u "x" enter', asked).request).toEqual({ kind: 'save', file: 'x' });
    expect(pressAll(walk, 'ctrl-u enter', asked).message?.text).toBe('no file was named');
    expect(pressAll(walk, 'q').request).toEqual({ kind: 'quit' });
  });

  it('end a run that goes on', async () => {
    walk = (await scenario('call-swap', 'text-poke-bp')).walk;
    const running = press(walk, FIRST_VIEW, { name: 'c', text: 'c' });
    expect(running.run).toBeDefined();
    const ended = press(walk, running, { name: 'x', text: 'x' });
    expect([ended.run, ended.message?.text]).toEqual([undefined, 'stopped by a key']);
    expect(walk.timeline.position).toBeGreaterThan(100);
  });

  it('go on in turn, as the scheduler round-robin does, where nothing was recorded', async () => {
    walk = (await scenario('call-swap', 'memcpy')).walk;
    pressAll(walk, 'n n n n n n n');
    expect(walk.timeline.past().map(({ cpu }) => cpu)).toEqual([0, 1, 2, 0, 1, 2, 0]);
  });

  it('say that a key has no command', () => {
    expect(lead('x')[1]).toBe('no command has the key x; ? is help');
  });

  it.each(['text-poke-bp-no-sync1.straddling', 'nmi-stack.ist'])(
    'whatever is pressed in %s, the screen shows a state to which the steps before it lead',
    async (name) => {
      const opened = await counterexample(name);
      const names = [...COMMANDS.flatMap((command) => command.keys), 'escape', 'enter', 'down', 'x', '9', 'ctrl-u'];
      fc.assert(
        fc.property(fc.array(fc.constantFrom(...names), { minLength: 5, maxLength: 40 }), (keys) => {
          let state = FIRST_VIEW;
          for (const key of keys) {
            const text = key === 'space' ? ' ' : key.length === 1 ? key : '';
            state = press(opened.walk, state, { name: key, text });
            // A run may have no end: the next key stops it.
            if (state.run !== undefined) state = advance(opened.walk, state);
            expect(screen(opened.walk, state).split('\n')).toHaveLength(23);
          }
          const { timeline } = opened.walk;
          const { machine } = prepare(opened.recipe).built;
          for (const step of timeline.past()) machine.apply(step);
          expect([machine.steps, machine.hash()]).toEqual([timeline.position, timeline.machine.hash()]);
        }),
        { numRuns: 5 },
      );
    },
  );
});
