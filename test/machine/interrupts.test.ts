import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { procedure } from '../../src/machine/procedure.js';
import { DATA_PAGE, stackTop, World } from './world.js';

const iret = procedure('irq', (p) => p.step('iretq', (c) => c.host.interruptReturn(c.cpu)));
const IRQ = 0xfc;
const ACCEPT = 'cpu0 accept 0xfc';
const INSN = 'cpu0 insn';

describe('accepting interrupts', () => {
  it('is enabled beside the instruction exactly while IF is 1', () => {
    const world = new World({ asm: 'here: cli; nop; sti; nop; nop', tasks: ['here'], idt: { [IRQ]: iret } });
    expect(world.enabled()).toEqual([INSN]);
    world.send(IRQ);
    expect(world.enabled()).toEqual([ACCEPT, INSN]);
    world.insn();
    expect(world.enabled()).toEqual([INSN]);
    world.insn(0, 3);
    expect(world.enabled()).toEqual([ACCEPT, INSN]);
    world.accept(IRQ);
    expect(world.enabled()).toEqual(['cpu0 proc']);
    expect(world.of('ipi-accepted')).toEqual([{ kind: 'ipi-accepted', cpu: 0, vector: IRQ }]);
  });

  it('takes the highest pending vector first, and each once, however often it was raised', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 32, max: 255 }), { minLength: 1, maxLength: 12 }), (vectors) => {
        const idt = Object.fromEntries(vectors.map((vector) => [vector, iret]));
        const world = new World({ asm: 'here: nop', tasks: ['here'], idt });
        for (const vector of vectors) world.send(vector);
        const wanted = [...new Set(vectors)].sort((a, b) => b - a);
        for (const vector of wanted) {
          expect(world.enabled()).toEqual([`cpu0 accept 0x${vector.toString(16)}`, INSN]);
          world.accept(vector).proc();
        }
        expect(world.enabled()).toEqual([INSN]);
      }),
      { numRuns: 20 },
    );
  });

  it('happens between the steps of a procedure as between instructions, but not where it turned IF off', () => {
    const task = procedure('task', (p) => {
      p.step('one', () => {});
      p.step('irq off', (c) => c.state.setInterruptsEnabled(false));
      p.step('two', () => {});
      p.step('irq on', (c) => c.state.setInterruptsEnabled(true));
    });
    const world = new World({ tasks: [task], idt: { [IRQ]: iret } });
    const seen = [0, 1, 2, 3, 4].map((at) => {
      world.send(IRQ);
      const enabled = world.enabled();
      if (at < 4) world.proc();
      return enabled;
    });
    expect(seen).toEqual([[ACCEPT, 'cpu0 proc'], [ACCEPT, 'cpu0 proc'], ['cpu0 proc'], ['cpu0 proc'], [ACCEPT]]);
  });

  it('in the middle of a task that is a procedure goes back to its next step with its locals', () => {
    const task = procedure('task', (p) => {
      const local = p.local();
      p.step('one', (c) => c.set(local, 7n));
      p.step('two', (c) => c.store(DATA_PAGE, c.get(local)));
    });
    const world = new World({ tasks: [task], idt: { [IRQ]: iret } });
    world.proc().send(IRQ).accept(IRQ).proc().proc();
    expect([world.labels, world.word(DATA_PAGE)]).toEqual([['one', 'iretq', 'two'], 7n]);
    expect(world.machine.isFinished(0)).toBe(true);
  });

  it('still happens on a CPU whose procedure has returned', () => {
    const world = new World({ tasks: [procedure('task', (p) => p.step('one', () => {}))], idt: { [IRQ]: iret } });
    world.proc().send(IRQ);
    expect([world.machine.isFinished(0), world.enabled()]).toEqual([true, [ACCEPT]]);
    world.accept(IRQ);
    expect(world.machine.isFinished(0)).toBe(false);
    world.proc();
    expect([world.machine.isFinished(0), world.enabled()]).toEqual([true, []]);
  });

  it('of one CPU is its own affair', () => {
    const world = new World({ asm: 'here: nop', cpus: 2, tasks: ['here', 'here'], idt: { [IRQ]: iret } });
    world.send(IRQ, 1);
    expect([world.enabled(0), world.enabled(1)]).toEqual([[INSN], ['cpu1 accept 0xfc', 'cpu1 insn']]);
  });
});

describe('the interrupt shadow of STI', () => {
  /** What is enabled after each instruction of the code, with an interrupt pending all the time. */
  function boundaries(asm: string, setup: { readonly if?: 0 | 1 } = { if: 0 }): string[] {
    const world = new World({ asm: `here: ${asm}`, tasks: ['here'], idt: { [IRQ]: iret, 6: iret }, ...setup });
    world.send(IRQ);
    return asm.split(';').map(() => {
      world.insn();
      return world.enabled().includes(ACCEPT) ? 'open' : 'closed';
    });
  }

  it('covers exactly one instruction', () => {
    expect(boundaries('sti; nop; nop')).toEqual(['closed', 'open', 'open']);
  });

  it('is armed only when IF goes from 0 to 1', () => {
    expect(boundaries('sti; nop', { if: 1 })).toEqual(['open', 'open']);
    expect(boundaries('sti; sti; nop')).toEqual(['closed', 'open', 'open']);
    expect(boundaries('sti; cli; sti; nop')).toEqual(['closed', 'closed', 'closed', 'open']);
  });

  it('is not armed by POPF and IRET, which set IF at once', () => {
    expect(boundaries('push $0x202; popf; nop')).toEqual(['closed', 'open', 'open']);
  });

  it('covers a HLT behind it, which then wakes', () => {
    const asm = 'here: sti; hlt; after: mov $7, %eax';
    const world = new World({ asm, tasks: ['here'], idt: { [IRQ]: iret }, if: 0 });
    world.send(IRQ).insn();
    expect(world.enabled()).toEqual([INSN]);
    world.insn();
    expect(world.enabled()).toEqual([ACCEPT]);
    world.accept(IRQ).proc().insn();
    expect([world.cpu.gpr('rax'), world.machine.state(0).halted]).toEqual([7n, false]);
  });

  it('is dropped by a delivery', () => {
    const world = new World({
      asm: 'here: sti; ud2; handler: sti; iretq',
      tasks: ['here'],
      idt: { 6: 'handler' },
      if: 0,
    });
    world.insn();
    expect(world.cpu.shadowed).toBe(true);
    world.insn();
    expect([world.cpu.shadowed, world.cpu.interruptsEnabled]).toEqual([false, false]);
  });

  it('does not come back with an IRET', () => {
    const asm = 'here: sti; ud2; handler: addq $2, (%rsp); iretq';
    const world = new World({ asm, tasks: ['here'], idt: { 6: 'handler', [IRQ]: iret }, if: 0 });
    world.send(IRQ).insn(0, 4);
    expect(world.enabled()).toEqual([ACCEPT, INSN]);
  });
});

describe('HLT', () => {
  it('stops the CPU until an interrupt, and execution goes on after it', () => {
    const world = new World({ asm: 'here: hlt; after: mov $1, %eax', tasks: ['here'], idt: { [IRQ]: iret } });
    world.insn();
    expect([world.enabled(), world.of('halt')]).toEqual([[], [{ kind: 'halt', cpu: 0 }]]);
    world.send(IRQ);
    expect(world.enabled()).toEqual([ACCEPT]);
    world.accept(IRQ);
    expect(world.word(stackTop(0) - 40n)).toBe(world.at('after'));
    world.proc();
    expect(world.enabled()).toEqual([INSN]);
    world.insn();
    expect(world.cpu.gpr('rax')).toBe(1n);
  });

  it('with IF=0 is for ever', () => {
    const world = new World({ asm: 'here: hlt', tasks: ['here'], idt: { [IRQ]: iret }, if: 0 });
    world.insn().send(IRQ);
    expect(world.enabled()).toEqual([]);
  });
});
