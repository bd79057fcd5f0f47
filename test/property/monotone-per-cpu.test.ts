import { describe, expect, it } from 'vitest';
import { procedure } from '../../src/machine/procedure.js';
import type { StepContext } from '../../src/machine/step-context.js';
import { ptRegs } from '../../src/patcher/pt-regs.js';
import type { TextPokeArray } from '../../src/patcher/text-poke-array.js';
import { rulesOfProfile } from '../../src/profile/profiles.js';
import { CALL_CLOBBERS, type PatchSetup, PatchWorld } from '../patcher/patch-world.js';
import { handlerThat, SKIPPING, variant } from '../patcher/variants.js';
import { executeFetched, watch } from './watching.js';

const setup: PatchSetup = {
  asm: '.skip 4; worker: site: call.rel32 f; jmp worker; f: ret; g: ret; h: ret',
  sites: { site: { clobbers: CALL_CLOBBERS } },
  patches: [{ site: 'site', new: 'call.rel32 g' }],
  workers: ['worker'],
  properties: ['monotone-per-cpu'],
};

/** A handler that calls the new function on its odd turns, and the old one on its even ones. */
function fickle(): (array: TextPokeArray) => ReturnType<typeof procedure> {
  let turn = 0;
  const call = (c: StepContext, regs: bigint, address: bigint, to: string): void => {
    ptRegs.setSp(c, regs, ptRegs.sp(c, regs) - 8n);
    c.store(ptRegs.sp(c, regs), address + 5n);
    ptRegs.setIp(c, regs, c.symbol(to));
  };
  return (array) =>
    procedure('fickle handler', (p) => {
      const regs = p.local();
      p.step('do it', (c) => call(c, c.get(regs), array.address(c, 0n), ++turn % 2 === 1 ? 'g' : 'f'));
      p.return(() => 1n);
    });
}

const stale = { ...rulesOfProfile('paranoid'), unit: 64, iretSerialises: false };

describe('monotone-per-cpu', () => {
  it('holds for the old effect, then the new one, by INT3 and without', () => {
    const world = new PatchWorld(setup).insn(1, 3).until('on_each_cpu').insn().handler().insn(1, 2);
    expect(world.finish().insn(1, 6).violated).toBeUndefined();
  });

  it('is violated by a CPU that has the old effect after the new one', () => {
    const world = new PatchWorld({ ...setup, algorithm: variant({ handler: fickle() }) }).until('on_each_cpu');
    world.insn().handler().insn(1, 2);
    expect([world.machine.state(1).rip, world.violated]).toEqual([world.at('site'), undefined]);
    expect(world.insn().violated).toBeUndefined();
    expect(world.handler().monitors.violation).toMatchObject({
      property: 'monotone-per-cpu',
      cpu: 1,
      address: world.at('site'),
      message: 'CPU 1 went through site with the old effect after it had had the new one',
    });
  });

  it('looks at each CPU on its own: the new effect on one, then the old one on another', () => {
    const workers = ['worker', 'worker'];
    const world = new PatchWorld({ ...setup, workers, algorithm: variant({ handler: fickle() }) }).until('on_each_cpu');
    expect(world.insn(1).handler(1).insn(2).handler(2).violated).toBeUndefined();
    expect([world.machine.state(1).rip, world.machine.state(2).rip]).toEqual([world.at('g'), world.at('f')]);
  });

  it('goes by the CPU and not by the task: a task may see the new effect here and the old one there', () => {
    for (const here of [true, false]) {
      const world = new PatchWorld({ ...setup, rules: stale, workers: ['worker', undefined] });
      const { machine } = world;
      machine.budgets.set('reschedule', 1);
      machine.idle(2);
      machine.state(2).rsp = machine.state(1).rsp - 0x800n;
      world.until('on_each_cpu');
      executeFetched(world, 1, 'newest').handler();
      world.insn().insn();
      expect([machine.state(1).rip, world.violated]).toEqual([world.at('site'), undefined]);
      const task = machine.tasks.on(1);
      if (!here) {
        machine.apply({ kind: 'switch', cpu: 1, task: undefined });
        machine.apply({ kind: 'switch', cpu: 2, task });
      }
      executeFetched(world, here ? 1 : 2, 'oldest');
      expect(machine.state(here ? 1 : 2).rip).toBe(world.at('f'));
      expect(world.violated).toBe(here ? 'monotone-per-cpu' : undefined);
    }
  });

  it('counts an effect for the CPU that fetched, where the task is taken to another one on its way', () => {
    for (const cpu of [1, 2]) {
      const world = new PatchWorld({
        ...setup,
        asm: `.skip 4; worker: site: call.rel32 f; after: jmp worker; f: ret; g: ret
              stub: lea after(%rip), %r11; push %r11; jmp g; end: nop`,
        rules: stale,
        workers: ['worker', undefined],
        algorithm: variant({ handler: handlerThat((c, regs) => ptRegs.setIp(c, regs, c.symbol('stub'))) }),
        properties: [],
      });
      const { machine } = world;
      const stub = { address: world.at('stub'), size: Number(world.at('end') - world.at('stub')) };
      const monitors = watch(world, { detours: [stub] }, ['site-effect', 'monotone-per-cpu']);
      machine.budgets.set('reschedule', 2);
      machine.idle(2);
      machine.state(2).rsp = machine.state(1).rsp - 0x800n;
      world.until('on_each_cpu');
      executeFetched(world, 1, 'newest').handler();
      const task = machine.tasks.on(1);
      machine.apply({ kind: 'switch', cpu: 1, task: undefined });
      machine.apply({ kind: 'switch', cpu: 2, task });
      world.insn(2, 5);
      expect([machine.state(2).rip, monitors.violation]).toEqual([world.at('site'), undefined]);
      if (cpu === 1) {
        machine.apply({ kind: 'switch', cpu: 2, task: undefined });
        machine.apply({ kind: 'switch', cpu: 1, task });
      }
      executeFetched(world, cpu, 'oldest');
      expect([machine.state(cpu).rip, monitors.violation?.property]).toEqual([
        world.at('f'),
        cpu === 1 ? 'monotone-per-cpu' : undefined,
      ]);
    }
  });

  it('is violated by a handler that skips a call that is new, once the call itself was executed', () => {
    const skips: PatchSetup = {
      ...setup,
      asm: '.skip 4; worker: site: .nops 5; jmp worker; f: ret; g: ret',
      rules: stale,
      algorithm: variant({ handler: SKIPPING, sync3: false, refs: 'keep' }),
    };
    const world = new PatchWorld(skips).until('unuse_temporary_mm', 3);
    executeFetched(world, 1, 'newest');
    expect(world.machine.state(1).rip).toBe(world.at('g'));
    world.insn().insn();
    // INT3 again, which the fetch rule `any` does not forbid: the fetch before the newest one.
    const steps = world.machine.enabled().filter(({ cpu, kind }) => cpu === 1 && kind === 'instruction');
    for (const step of steps) {
      const snapshot = world.machine.save();
      world.apply(step).handler();
      if (world.machine.state(1).rip === world.at('site') + 5n) break;
      world.machine.restore(snapshot);
    }
    expect([world.machine.state(1).rip, world.violated]).toEqual([world.at('site') + 5n, 'monotone-per-cpu']);
  });

  it('says nothing of an effect that both versions have', () => {
    const world = new PatchWorld({
      ...setup,
      asm: '.skip 4; worker: cmp %eax, %ebx; site: je.rel32 f; jmp worker; f: jmp worker; g: jmp worker',
      sites: { site: {} },
      patches: [{ site: 'site', new: 'je.rel32 g' }],
      rules: stale,
    });
    const { machine } = world;
    machine.state(1).setGpr('rbx', 1n);
    world.until('on_each_cpu').insn();
    executeFetched(world, 1, 'newest').handler();
    expect(machine.state(1).rip).toBe(world.at('site') + 6n);
    // Not taken: it may have been either. So the old one comes not after the new one.
    machine.state(1).setGpr('rbx', 0n);
    world.insn().insn();
    executeFetched(world, 1, 'oldest');
    expect([machine.state(1).rip, world.violated]).toEqual([world.at('f'), undefined]);
    // Taken, it was the new one.
    world.insn().insn();
    executeFetched(world, 1, 'newest').handler();
    expect([machine.state(1).rip, world.violated]).toEqual([world.at('g'), undefined]);
    world.insn().insn();
    expect(executeFetched(world, 1, 'oldest').violated).toBe('monotone-per-cpu');
  });

  it('takes what a patch declares to be emulated for its new effect', () => {
    const patches = [{ site: 'site', new: 'cs cs cs xor %eax, %eax', emulate: 'call.rel32 g' }];
    const algorithm = variant({ handler: fickle() });
    const world = new PatchWorld({ ...setup, patches, algorithm }).until('on_each_cpu').insn().handler().insn(1, 2);
    expect(world.insn().handler().violated).toBe('monotone-per-cpu');
  });

  it('is over for a patch when the next one of the site begins', () => {
    const patches = [
      { site: 'site', new: 'call.rel32 g' },
      { site: 'site', new: 'call.rel32 f' },
    ];
    const world = new PatchWorld({ ...setup, patches }).until('patch returns').proc().insn(1, 3);
    world.until('on_each_cpu', 1).insn().handler();
    expect([world.machine.state(1).rip, world.violated]).toEqual([world.at('f'), undefined]);
    expect(world.insn(1, 2).finish().insn(1, 6).violated).toBeUndefined();
  });
});
