import { describe, expect, it } from 'vitest';
import { RandomScheduler } from '../../src/explore/random-scheduler.js';
import { RoundRobin } from '../../src/explore/round-robin.js';
import { run } from '../../src/explore/run.js';
import type { Scheduler } from '../../src/explore/scheduler.js';
import { procedure } from '../../src/machine/procedure.js';
import { formatStep } from '../../src/machine/step.js';
import { Monitors } from '../../src/property/monitors.js';
import { World } from '../machine/world.js';
import { CALL_CLOBBERS, PatchWorld } from '../patcher/patch-world.js';

/** Three workers and a patcher that goes on for long. */
const swap = (): PatchWorld =>
  new PatchWorld({
    asm: 'worker: site: call.rel32 f; jmp worker; f: ret; g: ret',
    sites: { site: { clobbers: CALL_CLOBBERS } },
    patches: [
      { site: 'site', new: 'call.rel32 g' },
      { site: 'site', new: 'call.rel32 f' },
    ],
    workers: ['worker', 'worker', 'worker'],
    order: 'any',
    repeat: 1000,
    quiet: true,
  });

function schedule(scheduler: Scheduler, limit: number, world = swap()): string[] {
  return run(world.machine, world.monitors, scheduler, limit).schedule.map(formatStep);
}

const SCHEDULERS: readonly (readonly [string, () => Scheduler])[] = [
  ['round-robin', () => new RoundRobin()],
  ['random', () => new RandomScheduler(7)],
];

for (const [what, make] of SCHEDULERS) {
  describe(`the ${what} scheduler`, () => {
    it('makes the same schedule again on a machine that begins the same', () => {
      const once = schedule(make(), 500);
      expect(once).toHaveLength(500);
      expect(schedule(make(), 500)).toEqual(once);
    });

    it('chooses enabled steps only', () => {
      const { machine } = swap();
      const scheduler = make();
      for (let i = 0; i < 300; i++) {
        const step = scheduler.next(machine);
        expect(step !== undefined && machine.isEnabled(step)).toBe(true);
        if (step !== undefined) machine.apply(step);
      }
    });

    it('gives every CPU its turns, and text is patched meanwhile', () => {
      const world = swap();
      const steps = schedule(make(), 4000, world);
      for (const cpu of [0, 1, 2, 3]) {
        const own = steps.filter((step) => step.startsWith(`cpu${cpu}`)).length;
        expect([cpu, own > 400]).toEqual([cpu, true]);
      }
      expect(world.machine.memory.text.now).toBeGreaterThan(8);
      expect(world.violated).toBeUndefined();
    });

    it('passes over CPUs that can do nothing', () => {
      const world = new World({ asm: 'here: jmp here; idle: hlt', cpus: 3, tasks: ['idle', 'here', 'idle'] });
      world.insn(0).insn(2);
      const scheduler = make();
      for (let i = 0; i < 20; i++) expect(scheduler.next(world.machine)).toEqual({ kind: 'instruction', cpu: 1 });
    });

    it('has nothing to choose when nothing is enabled', () => {
      const world = new World({ asm: 'here: hlt', tasks: ['here'] }).insn();
      expect(make().next(world.machine)).toBeUndefined();
    });

    it('changes nothing by choosing', () => {
      const { machine } = swap();
      const hash = machine.hash();
      make().next(machine);
      expect([machine.hash(), machine.steps]).toEqual([hash, 0]);
    });
  });
}

describe('the round-robin scheduler', () => {
  it('goes round, one step each', () => {
    const world = new World({ asm: 'here: jmp here', cpus: 3, tasks: ['here', 'here', 'here'] });
    const scheduler = new RoundRobin();
    const cpus = Array.from({ length: 7 }, () => scheduler.next(world.machine)?.cpu);
    expect(cpus).toEqual([0, 1, 2, 0, 1, 2, 0]);
  });

  it('takes a pending interrupt before the instruction', () => {
    const iret = procedure('irq', (p) => p.step('iretq', (c) => c.host.interruptReturn(c.cpu)));
    const world = new World({ asm: 'here: jmp here', tasks: ['here'], idt: { 64: iret } });
    world.send(0x40);
    expect(new RoundRobin().next(world.machine)).toEqual({ kind: 'accept', cpu: 0, vector: 0x40 });
  });

  it('is named in reports', () => {
    expect(new RoundRobin().description).toBe('round-robin');
  });
});

describe('the random scheduler', () => {
  it('makes another schedule for another seed', () => {
    const schedules = [1, 2, 3, 4, 5].map((seed) => schedule(new RandomScheduler(seed), 200).join('\n'));
    expect(new Set(schedules).size).toBe(5);
  });

  it('is named in reports by its seed, which is all that is needed to do it again', () => {
    expect(new RandomScheduler(42).description).toBe('random seed 42');
  });

  it('tries every alternative of a step', () => {
    const pick = procedure('pick', (p) => p.choose({ label: 'pick', choices: () => [0, 1, 2, 3], run: () => {} }));
    const world = new World({ tasks: [pick] });
    const monitors = new Monitors(world.machine, { sites: [], patches: [], ranges: new Map() });
    const { schedule: steps } = run(world.machine, monitors, new RandomScheduler(3), 200);
    expect(new Set(steps.map(formatStep))).toEqual(new Set(['cpu0 proc', 'cpu0 proc 1', 'cpu0 proc 2', 'cpu0 proc 3']));
  });

  it('is pinned: a seed in a report means the same schedule in later versions', () => {
    const cpus = schedule(new RandomScheduler(2024), 14).map((step) => step.slice(3));
    expect(cpus.join(', ')).toBe(
      '1 insn, 2 insn, 2 insn, 1 insn, 2 insn, 1 insn, 1 insn, 0 proc, 1 insn, 1 insn, 1 insn, 2 insn, 2 insn, 0 proc',
    );
  });
});
