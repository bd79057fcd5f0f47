import { describe, expect, it } from 'vitest';
import { RFLAGS } from '../../src/cpu/flags.js';
import { procedure } from '../../src/machine/procedure.js';
import type { StepContext } from '../../src/machine/step-context.js';
import { int3Handler } from '../../src/patcher/int3-handler.js';
import { ptRegs } from '../../src/patcher/pt-regs.js';
import type { TextPokeArray } from '../../src/patcher/text-poke-array.js';
import { CALL_CLOBBERS, type PatchSetup, PatchWorld } from '../patcher/patch-world.js';
import { handlerThat, variant } from '../patcher/variants.js';
import { watch } from './watching.js';

const setup: PatchSetup = {
  asm: 'worker: site: call.rel32 f; jmp worker; f: ret; g: ret; stub: push $0; sti; jmp g; bad: push $0; jmp g; end: nop',
  sites: { site: { clobbers: CALL_CLOBBERS } },
  patches: [{ site: 'site', new: 'call.rel32 g' }],
  workers: ['worker'],
  properties: ['interrupt-flag'],
};

const setIf = (c: StepContext, regs: bigint, on: boolean): void =>
  ptRegs.setFlags(c, regs, on ? ptRegs.flags(c, regs) | RFLAGS.if : ptRegs.flags(c, regs) & ~RFLAGS.if);

/** The right handler, which then sets IF as it likes. */
const handlerSetting = (on: boolean) => (array: TextPokeArray) =>
  procedure('handler that sets IF', (p) => {
    const regs = p.local();
    const handled = p.local();
    p.call(int3Handler(array), (c) => [c.get(regs)], handled);
    p.step('set IF', (c) => setIf(c, c.get(regs), on));
    p.return((c) => c.get(handled));
  });

/** A handler that clears IF and sends the CPU to a label. */
const handlerTo = (label: string) =>
  handlerThat((c, regs) => {
    setIf(c, regs, false);
    ptRegs.setIp(c, regs, c.symbol(label));
  });

describe('interrupt-flag', () => {
  it('holds for the old version, the emulation and the new version, with IF on and off', () => {
    for (const on of [0, 1] as const) {
      const world = new PatchWorld({ ...setup, if: on }).insn(1, 3).until('on_each_cpu').insn().handler();
      expect([world.machine.state(1).rip, world.violated]).toEqual([world.at('g'), undefined]);
    }
    expect(new PatchWorld(setup).finish().insn(1, 6).violated).toBeUndefined();
  });

  it('is violated by a handler that changes IF, whichever way', () => {
    for (const on of [0, 1] as const) {
      const algorithm = variant({ handler: handlerSetting(on === 0) });
      const world = new PatchWorld({ ...setup, if: on, algorithm }).until('on_each_cpu').insn();
      expect(world.violated).toBeUndefined();
      world.handler();
      const g = world.at('g').toString(16);
      expect(world.monitors.violation).toMatchObject({
        property: 'interrupt-flag',
        cpu: 1,
        address: world.at('site'),
        message: `CPU 1 came from site to 0x${g} with IF=${1 - on}, but IF was ${on} at the site`,
      });
    }
  });

  it('holds for a handler that leaves IF as it was', () => {
    const algorithm = variant({ handler: handlerSetting(true) });
    expect(new PatchWorld({ ...setup, algorithm }).until('on_each_cpu').insn().handler().violated).toBeUndefined();
  });

  it('looks where a context comes out of the detour: not before the stub is over, and whether it restored IF', () => {
    for (const [label, violated] of [
      ['stub', undefined],
      ['bad', 'interrupt-flag'],
    ] as const) {
      const algorithm = variant({ handler: handlerTo(label) });
      const world = new PatchWorld({ ...setup, algorithm, properties: [] });
      const detours = [{ address: world.at('stub'), size: Number(world.at('end') - world.at('stub')) }];
      const monitors = watch(world, { detours }, ['interrupt-flag']);
      world.until('on_each_cpu').insn().handler();
      expect([world.machine.state(1).rip, monitors.violation]).toEqual([world.at(label), undefined]);
      while (world.machine.state(1).rip !== world.at('g')) world.insn();
      expect([label, monitors.violation?.property]).toEqual([label, violated]);
    }
  });

  it('takes what is not declared to be a detour for the target', () => {
    const world = new PatchWorld({ ...setup, algorithm: variant({ handler: handlerTo('stub') }) });
    expect(world.until('on_each_cpu').insn().handler().violated).toBe('interrupt-flag');
  });

  it('allows what a version of the site does to IF itself', () => {
    const masks: PatchSetup = {
      ...setup,
      asm: 'worker: site: .byte 0xfb, 0x90; jmp worker; g: jmp worker',
      sites: { site: { length: 2 } },
      patches: [{ site: 'site', new: '.byte 0x90, 0x90', emulate: 'jmp.rel8 g' }],
    };
    for (const from of [0, 1] as const) {
      for (const to of [0, 1] as const) {
        const handler = handlerThat((c, regs, array) => {
          ptRegs.setIp(c, regs, array.address(c, 0n) + 2n);
          setIf(c, regs, to === 1);
        });
        const world = new PatchWorld({ ...masks, if: from, algorithm: variant({ handler }) }).until('on_each_cpu');
        // sti; nop sets it and nop; nop keeps it, but nothing clears it.
        const expected = from === 1 && to === 0 ? 'interrupt-flag' : undefined;
        expect([from, to, world.insn().handler().violated]).toEqual([from, to, expected]);
      }
    }
  });

  it('is named before the other effects of the site, of which IF is one', () => {
    const { properties: _, ...all } = setup;
    const algorithm = variant({ handler: handlerSetting(false) });
    expect(new PatchWorld({ ...all, algorithm }).until('on_each_cpu').insn().handler().violated).toBe('interrupt-flag');
  });

  it('goes with the task that was taken to another CPU in the stub', () => {
    const algorithm = variant({ handler: handlerThat((c, regs) => ptRegs.setIp(c, regs, c.symbol('bad'))) });
    const world = new PatchWorld({ ...setup, algorithm, properties: [], workers: ['worker', undefined] });
    const { machine } = world;
    const detours = [{ address: world.at('bad'), size: 7 }];
    const monitors = watch(world, { detours }, ['interrupt-flag']);
    machine.budgets.set('reschedule', 1);
    machine.idle(2);
    machine.state(2).rsp = machine.state(1).rsp - 0x800n;
    world.until('on_each_cpu').insn().handler().insn();
    const task = machine.tasks.on(1);
    machine.apply({ kind: 'switch', cpu: 1, task: undefined });
    machine.apply({ kind: 'switch', cpu: 2, task });
    expect(monitors.violation).toBeUndefined();
    machine.state(2).setInterruptsEnabled(false);
    world.insn(2);
    expect(monitors.violation).toMatchObject({ property: 'interrupt-flag', cpu: 2 });
  });
});
