import { describe, expect, it } from 'vitest';
import { VECTOR } from '../../src/cpu/vector.js';
import { procedure } from '../../src/machine/procedure.js';
import type { Algorithm } from '../../src/patcher/algorithm.js';
import type { KernelData } from '../../src/patcher/kernel-data.js';
import { ptRegs } from '../../src/patcher/pt-regs.js';
import { PerCpuSlots } from '../../src/patcher/stub/per-cpu-slots.js';
import { PatchWorld, TEXT_BASE } from './patch-world.js';

const ASM = `
    stub:   nop
            mov %gs:0, %rbx
            jmp *%rdi
    worker: lea again(%rip), %rdi
            int3
    again:  jmp worker
    same:   mov %rdi, %r8
            lea back(%rip), %rdi
            int3
    back:   mov %r8, %rdi
            iretq
    other:  inc %rax
            jmp same
    site:   nop`;

/** INT3 fills the slot of its CPU with RAX and sends the CPU to the stub; the patcher frees the slots, and that is all. */
function worldWith(irq: string): PatchWorld {
  let kernel: KernelData | undefined;
  const slotted: Algorithm = {
    name: 'slotted',
    title: '',
    install({ data, cpus }) {
      kernel = data;
      const slots = new PerCpuSlots(data, cpus, { bp_call_target: data.allocatePerCpu('bp_call_target', cpus) });
      const handler = procedure('handler', (p) => {
        p.step('fill', (c) => {
          slots.fill(c, 'bp_call_target', c.state.gpr('rax'));
          ptRegs.setIp(c, c.state.rsp, c.symbol('stub'));
        });
        p.step('iretq', (c) => c.host.interruptReturn(c.cpu));
      });
      return {
        apply: procedure('free', (p) => p.step('free the slots', (c) => slots.retire(c))),
        idt: new Map([[VECTOR.bp, { procedure: handler }]]),
        goals: [],
        ranges: slots.ranges({ address: TEXT_BASE, size: 12 }),
      };
    },
  };
  const world = new PatchWorld({
    asm: ASM,
    sites: { site: {} },
    patches: [{ site: 'site', new: 'nop' }],
    workers: ['worker', 'worker'],
    algorithm: slotted,
    idt: { 64: irq },
    properties: ['no-use-after-reuse'],
  });
  kernel?.pointGs(world.machine.cpus);
  return world;
}

/** CPU 1 in the stub, before it has read its slot. */
const inStub = (irq = 'same'): PatchWorld => {
  const world = worldWith(irq).insn(1, 2).handler(1);
  expect(world.machine.state(1).rip).toBe(world.at('stub'));
  return world.insn(1);
};

/** CPU 1 takes an interrupt whose handler goes through the stub as well, and comes back. */
const interrupted = (world: PatchWorld, instructions: number): PatchWorld => {
  world.machine.setPending(1, 0x40);
  world.apply({ kind: 'accept', cpu: 1, vector: 0x40 }).insn(1, instructions).handler(1).insn(1, 5);
  expect(world.machine.context(1).depth).toBe(1);
  expect(world.violated).toBeUndefined();
  return world;
};

describe('a per-CPU slot that a handler fills for the context it interrupted', () => {
  it('may be read by that context, again and again', () => {
    const world = worldWith('same');
    for (let round = 0; round < 3; round++) world.insn(1, 2).handler(1).insn(1, 4);
    expect(world.violated).toBeUndefined();
  });

  it('must not be read after it was freed', () => {
    const world = inStub().finish();
    expect(world.violated).toBeUndefined();
    expect(world.insn(1).monitors.violation).toMatchObject({
      property: 'no-use-after-reuse',
      cpu: 1,
      address: world.at('bp_call_target@1'),
      message: expect.stringContaining('in bp_call_target@1, which was given to another use while it was inside'),
    });
  });

  it('may be freed once it was read, and belongs to the next context that it is filled for', () => {
    const world = inStub().insn(1, 2).finish();
    expect(world.violated).toBeUndefined();
    expect(world.insn(1, 3).handler(1).insn(1, 4).violated).toBeUndefined();
  });

  it('must not be read after it was filled with another value, and may be after the same', () => {
    expect(interrupted(inStub('same'), 3).insn(1).violated).toBeUndefined();
    expect(interrupted(inStub('other'), 5).insn(1).violated).toBe('no-use-after-reuse');
  });

  it('is no matter any more to a context that has read it', () => {
    expect(interrupted(inStub('other').insn(1), 5).insn(1, 4).violated).toBeUndefined();
  });

  it('is not that of another CPU', () => {
    const world = inStub();
    world.machine.state(2).setGpr('rax', 7n);
    world.insn(2, 2).handler(2).insn(2, 3);
    expect(world.insn(1).violated).toBeUndefined();
  });
});
