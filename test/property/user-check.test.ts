import { describe, expect, it } from 'vitest';
import type { Machine } from '../../src/machine/machine.js';
import { NAIVE_MEMCPY } from '../../src/patcher/naive-memcpy.js';
import { isAtRest } from '../../src/property/task-block.js';
import type { StateExpression } from '../../src/property/user-check.js';
import { type PatchSetup, PatchWorld } from '../patcher/patch-world.js';
import { watch } from './watching.js';

const setup: PatchSetup = {
  asm: 'worker: nop; nop; hlt; nop; hlt; irq: nop; iretq; busy: jmp busy; site: .nops 2',
  sites: { site: {} },
  patches: [{ site: 'site', new: 'jmp.rel8 busy' }],
  workers: ['worker'],
  algorithm: NAIVE_MEMCPY,
};

/** An expression that is bound to a machine later. */
function expression(name: string, holds: (machine: Machine) => boolean) {
  const bound: { machine?: Machine } = {};
  const one: StateExpression = {
    name,
    text: `${name}?`,
    holds: () => (bound.machine === undefined ? false : holds(bound.machine)),
    values: () => 'what = 0x1',
  };
  return (machine: Machine): StateExpression => {
    bound.machine = machine;
    return one;
  };
}

const NONE = { always: [], sometimes: [], finally: [] };

describe('a check of the user', () => {
  it('always is violated after the first step that makes it false', () => {
    const world = new PatchWorld(setup);
    const early = expression('early', ({ steps }) => steps < 3)(world.machine);
    const monitors = watch(world, { checks: { ...NONE, always: [early] } });
    world.insn(1, 2);
    expect(monitors.violation).toBeUndefined();
    world.insn();
    expect(monitors.violation).toMatchObject({
      property: 'always early',
      cpu: 1,
      step: 3,
      address: world.at('worker') + 3n,
      message: `"early?" does not hold after a step of CPU 1, at 0x${(world.at('worker') + 3n).toString(16)}: what = 0x1`,
    });
  });

  it('always is judged in the state that the machine begins with', () => {
    const world = new PatchWorld(setup);
    const never = expression('never', () => false)(world.machine);
    expect(watch(world, { checks: { ...NONE, always: [never] } }).violation).toMatchObject({
      property: 'always never',
      step: 0,
      message: expect.stringContaining('"never?" does not hold before the first step, at '),
    });
  });

  it('sometimes is a goal, reached once it holds in some state, the first one included', () => {
    const world = new PatchWorld(setup);
    const checks = {
      ...NONE,
      sometimes: [
        expression('soon', ({ steps }) => steps === 2)(world.machine),
        expression('never', () => false)(world.machine),
        expression('first', ({ steps }) => steps === 0)(world.machine),
      ],
    };
    const monitors = watch(world, { checks });
    const reached = () => monitors.goals.filter((goal) => goal.reached).map(({ name }) => name);
    expect([reached(), monitors.goals.length]).toEqual([['sometimes first'], 3]);
    world.insn(1, 3);
    expect([reached(), monitors.violation]).toEqual([['sometimes soon', 'sometimes first'], undefined]);
  });

  it('finally is judged where everything has come to rest, and only there', () => {
    for (const [holds, violated] of [
      [true, undefined],
      [false, 'finally done'],
    ] as const) {
      const world = new PatchWorld(setup);
      const done = expression('done', () => holds)(world.machine);
      const monitors = watch(world, { checks: { ...NONE, finally: [done] } });
      const goal = () => monitors.goals.map(({ name, reached }) => `${name} ${reached}`);
      world.insn(1, 3);
      // The patcher has not returned yet.
      expect([goal(), monitors.violation]).toEqual([['finally done false'], undefined]);
      world.finish();
      expect([goal(), monitors.violation?.property]).toEqual([['finally done true'], violated]);
      expect(monitors.violation?.message ?? '').toMatch(
        violated === undefined ? /^$/ : /where everything has come to rest/,
      );
    }
  });
});

describe('a machine', () => {
  const world = (more: Partial<PatchSetup> = {}) => new PatchWorld({ ...setup, ...more });

  it('is at rest when procedures have returned and tasks are halted', () => {
    const one = world();
    expect(isAtRest(one.machine)).toBe(false);
    one.finish();
    expect(isAtRest(one.machine)).toBe(false);
    one.insn(1, 3);
    expect(isAtRest(one.machine)).toBe(true);
  });

  it('is not at rest while a handler runs, be it a procedure below a halted one', () => {
    const one = world({ idt: { 64: 'irq' } })
      .finish()
      .insn(1, 3);
    one.machine.setPending(1, 64);
    one.apply({ kind: 'accept', cpu: 1, vector: 64 });
    expect(isAtRest(one.machine)).toBe(false);
    one.insn(1, 3);
    expect([one.machine.state(1).halted, isAtRest(one.machine)]).toEqual([false, false]);
    one.insn();
    expect(isAtRest(one.machine)).toBe(true);
  });

  it('is at rest when a task is off its CPU, but not when a procedure is that has not returned', () => {
    const one = world({ workers: ['busy'] }).finish();
    one.machine.budgets.set('reschedule', 1);
    expect(isAtRest(one.machine)).toBe(false);
    one.machine.apply({ kind: 'switch', cpu: 1, task: undefined });
    expect(isAtRest(one.machine)).toBe(true);
    const two = world({ workers: [undefined, undefined] });
    two.machine.idle(1);
    two.machine.idle(2);
    expect(isAtRest(two.machine)).toBe(false);
    const patcher = two.machine.tasks.on(0);
    two.machine.setAside(0, patcher ?? 0);
    expect([two.machine.tasks.on(0), isAtRest(two.machine)]).toEqual([undefined, false]);
    two.machine.apply({ kind: 'switch', cpu: 2, task: patcher });
    while (!two.machine.isFinished(2)) two.proc(2);
    expect(isAtRest(two.machine)).toBe(true);
  });

  it('is not at rest when a CPU stopped for good', () => {
    const one = world({ asm: 'worker: ud2; busy: nop; site: .nops 2' }).finish().insn();
    expect([one.machine.state(1).dead, isAtRest(one.machine)]).toEqual([true, false]);
  });
});
