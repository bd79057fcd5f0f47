import { describe, expect, it } from 'vitest';
import { procedure } from '../../src/machine/procedure.js';
import { World } from './world.js';

describe('a CPU stops for good', () => {
  it('at an exception that the IDT has no entry for, and the reason names it', () => {
    for (const [asm, reason] of [
      ['ud2', 'unhandled #UD'],
      ['int3', 'unhandled #BP'],
      ['mov 0x1000, %rax', 'unhandled #PF'],
      ['xor %ecx, %ecx; div %ecx', 'unhandled #DE'],
    ] as const) {
      const world = new World({ asm: `here: ${asm}`, tasks: ['here'] });
      while (world.machine.stopped === undefined) world.insn();
      expect(world.machine.stopped).toMatchObject({ cpu: 0, kind: 'unhandled-exception', reason });
      expect(world.enabled()).toEqual([]);
    }
  });

  it('at an interrupt that the IDT has no entry for', () => {
    const world = new World({ asm: 'here: nop', tasks: ['here'] });
    world.send(0x20).accept(0x20);
    expect(world.machine.stopped).toEqual({
      cpu: 0,
      rip: world.at('here'),
      kind: 'unhandled-exception',
      reason: 'unhandled 0x20',
    });
  });

  it('when there is no stack for a frame', () => {
    for (const rsp of [0n, 0x1000n, 1n << 63n, 0xffffffff81000800n]) {
      const world = new World({ asm: 'here: ud2; handler: nop', tasks: ['here'], idt: { 6: 'handler' } });
      world.cpu.rsp = rsp;
      world.insn();
      expect(world.machine.stopped).toMatchObject({
        kind: 'unhandled-exception',
        reason: 'no stack for the frame of #UD',
      });
    }
  });

  it('at an instruction outside the implemented set, which is named and not executed', () => {
    const world = new World({ asm: 'here: .byte 0xd9, 0xe8', tasks: ['here'] });
    world.insn();
    expect(world.machine.stopped).toEqual({
      cpu: 0,
      rip: world.at('here'),
      kind: 'unsupported',
      reason: 'unsupported instruction d9 e8',
    });
  });

  it('where a procedure says that the kernel would die', () => {
    const task = procedure('task', (p) => {
      p.step('die', (c) => c.host.stop(c.cpu, 'BUG'));
      p.step('never', () => {});
    });
    const world = new World({ tasks: [task] });
    world.proc();
    expect(world.machine.stopped).toMatchObject({ kind: 'died', reason: 'BUG' });
    expect(world.enabled()).toEqual([]);
  });

  it('where a procedure touches memory that is not mapped: the kernel would die of #PF', () => {
    for (const touch of ['load', 'store'] as const) {
      const task = procedure('task', (p) => {
        p.step('touch', (c) => (touch === 'load' ? c.load(0x1000n) : c.store(0x1000n, 1n)));
        p.step('never', () => {});
      });
      const world = new World({ tasks: [task] });
      world.proc();
      expect(world.machine.stopped).toMatchObject({ cpu: 0, kind: 'unhandled-exception' });
      expect(world.machine.stopped?.reason).toContain('0x1000');
      expect([world.enabled(), world.labels]).toEqual([[], ['touch']]);
    }
  });

  it('alone: the others go on, interrupts do not wake it, and the first stop is the one that is kept', () => {
    const iret = procedure('irq', (p) => p.step('iretq', (c) => c.host.interruptReturn(c.cpu)));
    const world = new World({ asm: 'here: nop; there: ud2', cpus: 2, tasks: ['there', 'here'], idt: { 252: iret } });
    world.insn(0).send(0xfc, 0);
    expect(world.enabled(0)).toEqual([]);
    world.insn(1).insn(1);
    expect(world.of('stopped').map(({ cpu }) => cpu)).toEqual([0, 1]);
    expect(world.machine.stopped).toMatchObject({ cpu: 0 });
  });
});
