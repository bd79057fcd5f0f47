import { describe, expect, it } from 'vitest';
import { VECTOR } from '../../src/cpu/vector.js';
import type { NmiStack } from '../../src/machine/nmi-stack.js';
import { procedure } from '../../src/machine/procedure.js';
import { type Setup, stackBase, stackTop, World } from './world.js';

const ABOVE = { base: stackTop(0) + 0x4000n, top: stackTop(0) + 0x5000n };
const BELOW = { base: stackBase(0) - 0x5000n, top: stackBase(0) - 0x4000n };
/** What stands in a frame from RSP upwards. */
const frameAt = (world: World, address: bigint): bigint[] =>
  [0n, 8n, 16n, 24n, 32n].map((offset) => world.word(address + offset));

/** The handler of NMI saves a register and meets an INT3, whose handler returns and so unblocks NMI. */
const ASM = `
  task: inc %rbx; jmp task
  nmi:  push %rax; int3; inside: mov $7, %eax; pop %rax; iretq
  bp:   iretq`;

function worldOf(stacks: readonly NmiStack[] | undefined, budget = 2, more: Partial<Setup> = {}): World {
  const idt = { [VECTOR.nmi]: 'nmi', [VECTOR.bp]: 'bp' };
  const world = new World({
    asm: ASM,
    tasks: ['task'],
    idt,
    ...(stacks === undefined ? {} : { nmiStacks: stacks }),
    ...more,
  });
  world.machine.budgets.set('nmi', budget);
  world.cpu.setGpr('rax', 0x5a5an);
  return world;
}

/** An NMI in the task, and another in its handler behind the #BP that has unblocked it; the inner one has returned. */
function nested(stacks: readonly NmiStack[] | undefined, more: Partial<Setup> = {}): World {
  const world = worldOf(stacks, 2, more).insn(0, 1).nmi().insn(0, 2);
  expect(world.enabled()).not.toContain('cpu0 nmi');
  world.insn();
  expect(world.cpu.rip).toBe(world.at('inside'));
  world.nmi().insn(0, 6);
  expect(world.cpu.rip).toBe(world.at('inside'));
  return world;
}

describe('an NMI', () => {
  it('pushes to the current stack unless it has one of its own, wherever that is', () => {
    for (const stack of [undefined, ABOVE, BELOW]) {
      const world = worldOf(stack && [stack], 1).insn();
      const { rsp, rip } = world.cpu;
      world.nmi();
      const top = stack?.top ?? rsp;
      expect(world.cpu.rsp).toBe(top - 40n);
      expect(frameAt(world, top - 40n)).toEqual([rip, 0x10n, 0x202n, rsp, 0x18n]);
      world.insn(0, 6);
      expect([world.cpu.rip, world.cpu.rsp, world.cpu.gpr('rax')]).toEqual([rip, rsp, 0x5a5an]);
      expect(world.machine.context(0).depth).toBe(1);
    }
  });

  it('nests on the current stack: each frame is its own, and each handler returns to where it was', () => {
    const world = nested(undefined);
    expect(world.machine.context(0).depth).toBe(2);
    world.insn(0, 3);
    expect([world.cpu.rip, world.cpu.rsp]).toEqual([world.at('task') + 3n, stackTop(0)]);
    expect([world.cpu.gpr('rax'), world.machine.context(0).depth]).toEqual([0x5a5an, 1]);
  });

  it('that nests on a stack of its own overwrites the frame, and the outer handler never returns', () => {
    for (const [stack, backend] of [
      [ABOVE, 'wasm'],
      [BELOW, 'wasm'],
      [BELOW, 'bigint'],
    ] as const) {
      const world = nested([stack], { backend });
      expect(world.machine.context(0).depth).toBe(2);
      expect(frameAt(world, stack.top - 40n).slice(0, 1)).toEqual([world.at('inside')]);
      for (let round = 0; round < 3; round++) {
        world.insn(0, 3);
        expect([world.cpu.rip, world.cpu.rsp]).toEqual([world.at('inside'), stack.top - 48n]);
      }
      expect(world.cpu.gpr('rbx')).toBe(1n);
    }
  });

  it('does not nest on its own stack where nothing has returned in between', () => {
    const world = worldOf([ABOVE]).insn().nmi();
    expect(world.enabled()).toEqual(['cpu0 insn']);
    world.insn(0, 6);
    expect(world.enabled()).toContain('cpu0 nmi');
  });

  it('on its own stack may return through an IRET to itself, and through a copy of its frame', () => {
    const asm = `
      task: inc %rbx; jmp task
      bp:   iretq
      nmi:  mov %rsp, %rdx; push $0x18; push %rdx; pushf; push $0x10; lea on(%rip), %rax; push %rax; iretq
      on:   sub $64, %rsp
            mov 64(%rsp), %rax;  mov %rax, (%rsp)
            mov 72(%rsp), %rax;  mov %rax, 8(%rsp)
            mov 80(%rsp), %rax;  mov %rax, 16(%rsp)
            mov 88(%rsp), %rax;  mov %rax, 24(%rsp)
            mov 96(%rsp), %rax;  mov %rax, 32(%rsp)
      out:  iretq`;
    for (const stack of [ABOVE, BELOW]) {
      const world = worldOf([stack], 1, { asm }).insn().nmi().insn(0, 8);
      expect([world.cpu.rip, world.machine.context(0).depth]).toEqual([world.at('on'), 2]);
      world.insn(0, 12);
      expect([world.cpu.rip, world.machine.context(0).depth]).toEqual([world.at('task') + 3n, 1]);
    }
  });

  it('has the stack of its CPU, and a procedure returns from it too', () => {
    const handler = procedure('exc_nmi', (p) => p.step('iretq', (c) => c.host.interruptReturn(c.cpu)));
    const world = new World({
      asm: ASM,
      cpus: 2,
      tasks: ['task', 'task'],
      idt: { [VECTOR.nmi]: handler },
      nmiStacks: [BELOW, ABOVE],
    });
    world.machine.budgets.set('nmi', 2);
    world.nmi(0).nmi(1);
    expect([0, 1].map((cpu) => world.machine.state(cpu).rsp)).toEqual([BELOW.top - 40n, ABOVE.top - 40n]);
    world.proc(0).proc(1);
    expect([0, 1].map((cpu) => world.machine.state(cpu).rsp)).toEqual([stackTop(0), stackTop(1)]);
  });

  it('whose stack has no room stops the CPU', () => {
    const world = worldOf([{ base: ABOVE.base, top: ABOVE.base + 16n }], 1).nmi();
    expect(world.machine.stopped).toMatchObject({ cpu: 0, reason: 'no stack for the frame of NMI' });
  });
});
