import { describe, expect, it } from 'vitest';
import { RFLAGS } from '../../src/cpu/flags.js';
import { VECTOR } from '../../src/cpu/vector.js';
import { MAX_CONTEXTS } from '../../src/machine/contexts.js';
import { FRAME } from '../../src/machine/interrupt-frame.js';
import { procedure } from '../../src/machine/procedure.js';
import { DATA_PAGE, stackTop, World } from './world.js';

const IRQ = 0xfc;
const irqHandler = procedure('irq', (p) => p.step('iretq', (c) => c.host.interruptReturn(c.cpu)));

/** sync_core() where SERIALIZE is absent: IRET to itself. The selectors are constants: they cannot be read here. */
const SYNC_CORE = `
  lea   (%rsp), %rcx
  push  $0x18
  push  %rcx
  pushfq
  push  $0x10
  lea   back(%rip), %rcx
  push  %rcx
  iretq
back: nop`;
const SYNC_CORE_STEPS = 8;

describe('IRETQ in guest code', () => {
  it('pops the context of a handler, whose frame lies below the new RSP, and serialises', () => {
    const world = new World({ asm: 'here: nop; handler: iretq', tasks: ['here'], idt: { [IRQ]: 'handler' } });
    const contexts = world.machine.context(0);
    expect([contexts.depth, contexts.vector]).toEqual([1, undefined]);
    world.send(IRQ).accept(IRQ);
    expect([contexts.depth, contexts.vector, contexts.entryRsp]).toEqual([2, IRQ, world.cpu.rsp]);
    world.insn();
    expect([contexts.depth, contexts.vector]).toEqual([1, undefined]);
    expect(world.of('iret')).toEqual([{ kind: 'iret', cpu: 0, rip: world.at('here') }]);
    expect(world.of('serialize')).toHaveLength(1);
  });

  it('to itself inside a handler pops nothing, wherever RSP is', () => {
    for (const pushed of [0, 8, 24]) {
      const asm = `here: nop; handler: sub $${pushed}, %rsp; ${SYNC_CORE}; add $${pushed}, %rsp; iretq`;
      const world = new World({ asm, tasks: ['here'], idt: { [IRQ]: 'handler' } });
      world
        .send(IRQ)
        .accept(IRQ)
        .insn(0, 1 + SYNC_CORE_STEPS);
      expect([world.cpu.rip, world.machine.context(0).depth]).toEqual([world.at('back'), 2]);
      world.insn(0, 3);
      expect([world.cpu.rip, world.machine.context(0).depth]).toEqual([world.at('here'), 1]);
    }
  });

  it('to itself after the handler dropped its error code pops nothing', () => {
    const asm = `here: mov 0x1000, %rax; handler: add $8, %rsp; ${SYNC_CORE}; iretq`;
    const world = new World({ asm, tasks: ['here'], idt: { [VECTOR.pf]: 'handler' } });
    world.insn(0, 2 + SYNC_CORE_STEPS);
    expect([world.cpu.rip, world.machine.context(0).depth]).toEqual([world.at('back'), 2]);
    world.insn(0, 2);
    expect([world.cpu.rip, world.machine.context(0).depth]).toEqual([world.at('here'), 1]);
  });

  it('to itself in a task pops nothing and serialises', () => {
    const world = new World({ asm: `here: ${SYNC_CORE}`, tasks: ['here'] });
    world.insn(0, SYNC_CORE_STEPS + 1);
    expect(world.machine.context(0).depth).toBe(1);
    expect(world.of('serialize')).toHaveLength(1);
    expect(world.cpu.rsp).toBe(stackTop(0));
  });

  it('with a damaged CS or SS is #GP with the selector as error code, and RIP and RSP stay', () => {
    for (const [word, selector] of [
      [FRAME.cs, 0x1bn],
      [FRAME.ss, 0x47n],
    ] as const) {
      const world = new World({
        asm: 'here: nop; handler: iretq; gp: nop',
        tasks: ['here'],
        idt: { [IRQ]: 'handler', 13: 'gp' },
      });
      world.send(IRQ).accept(IRQ);
      const frame = world.cpu.rsp;
      world.machine.memory.write(frame + BigInt(word), 8, selector);
      world.insn();
      expect(world.of('trap')).toMatchObject([
        { vector: VECTOR.gp, rip: world.at('handler'), errorCode: Number(selector & 0xfffcn) },
      ]);
      expect(world.machine.context(0).depth).toBe(3);
      const aligned = frame & ~15n;
      expect([world.word(aligned - 16n), world.word(aligned - 40n)]).toEqual([frame, world.at('handler')]);
    }
  });
});

describe('IRETQ of a procedure', () => {
  it('goes back through the frame at RSP', () => {
    const world = new World({ asm: 'here: nop; there: nop', tasks: ['here'], idt: { [IRQ]: irqHandler } });
    world.send(IRQ).accept(IRQ);
    world.machine.memory.write(world.cpu.rsp, 8, world.at('there'));
    world.machine.memory.write(world.cpu.rsp + BigInt(FRAME.rsp), 8, stackTop(0) - 0x80n);
    world.machine.memory.write(world.cpu.rsp + BigInt(FRAME.rflags), 8, RFLAGS.fixed | RFLAGS.cf);
    world.proc();
    expect([world.cpu.rip, world.cpu.rsp, world.cpu.rflags]).toEqual([
      world.at('there'),
      stackTop(0) - 0x80n,
      RFLAGS.fixed | RFLAGS.cf,
    ]);
    expect(world.enabled()).toEqual(['cpu0 insn']);
    expect(world.of('iret')).toHaveLength(1);
    expect(world.of('serialize')).toHaveLength(1);
  });

  it('with a damaged CS or SS is #GP, and is done again when the handler of that has repaired the frame', () => {
    for (const word of [FRAME.cs, FRAME.ss]) {
      const repair = procedure('#GP', (p) => {
        p.step('repair the frame below', (c) => {
          // The #GP's own frame has the RSP that the faulting IRETQ found; below RIP there is the error code.
          const frame = c.load(c.state.rsp + 8n + BigInt(FRAME.rsp));
          c.store(frame + BigInt(word), word === FRAME.cs ? 0x10n : 0x18n);
          c.state.rsp += 8n;
        });
        p.step('iretq', (c) => c.host.interruptReturn(c.cpu));
      });
      const world = new World({ asm: 'here: nop', tasks: ['here'], idt: { [IRQ]: irqHandler, [VECTOR.gp]: repair } });
      world.send(IRQ).accept(IRQ);
      world.machine.memory.write(world.cpu.rsp + BigInt(word), 8, 0xdead0n);
      world.proc();
      expect(world.of('trap')).toMatchObject([{ vector: VECTOR.gp, errorCode: (0xead0 & 0xfffc) | (0xd0000 & 0) }]);
      expect(world.machine.context(0).depth).toBe(3);
      world.proc().proc();
      expect([world.machine.context(0).depth, world.labels.at(-1)]).toEqual([2, 'iretq']);
      world.proc();
      expect([world.machine.context(0).depth, world.cpu.rip, world.machine.stopped]).toEqual([
        1,
        world.at('here'),
        undefined,
      ]);
    }
  });

  it('to compatibility mode stops the machine', () => {
    const world = new World({ asm: 'here: nop', tasks: ['here'], idt: { [IRQ]: irqHandler } });
    world.send(IRQ).accept(IRQ);
    world.machine.memory.write(world.cpu.rsp + BigInt(FRAME.cs), 8, 0x23n);
    world.proc();
    expect(world.machine.stopped).toMatchObject({ cpu: 0, kind: 'unsupported' });
    expect([world.machine.context(0).depth, world.of('iret')]).toEqual([2, []]);
  });

  it('with a RIP that is not canonical is #GP(0)', () => {
    const world = new World({ asm: 'here: nop', tasks: ['here'], idt: { [IRQ]: irqHandler } });
    world.send(IRQ).accept(IRQ);
    world.machine.memory.write(world.cpu.rsp, 8, 1n << 63n);
    world.proc();
    expect(world.machine.stopped).toMatchObject({ kind: 'unhandled-exception', reason: 'unhandled #GP' });
  });
});

describe('nested contexts', () => {
  it('return one after the other, each to where it was interrupted', () => {
    const asm = `
      here:  mov $1, %eax
      outer: sti
             nop
             nop
             iretq
      inner: iretq`;
    const world = new World({ asm, tasks: ['here'], idt: { 240: 'outer', 241: 'inner' } });
    world.send(0xf0).accept(0xf0).insn(0, 2);
    world.send(0xf1).accept(0xf1);
    expect(world.machine.context(0).depth).toBe(3);
    world.insn();
    expect([world.machine.context(0).depth, world.cpu.rip]).toEqual([2, world.at('outer') + 2n]);
    world.insn(0, 2);
    expect([world.machine.context(0).depth, world.cpu.rip]).toEqual([1, world.at('here')]);
  });

  it('of an exception inside a handler that is a procedure let the procedure go on where it was', () => {
    const handler = procedure('handler', (p) => {
      p.step('one', (c) => c.store(DATA_PAGE, 1n));
      p.step('two', (c) => c.state.setInterruptsEnabled(true));
      p.step('three', (c) => c.store(DATA_PAGE, c.load(DATA_PAGE) + 1n));
      p.step('iretq', (c) => c.host.interruptReturn(c.cpu));
    });
    const world = new World({ asm: 'here: nop', tasks: ['here'], idt: { 240: handler, 241: irqHandler } });
    world.send(0xf0).accept(0xf0).proc().proc().send(0xf1).accept(0xf1).proc().proc().proc();
    expect(world.labels).toEqual(['one', 'two', 'iretq', 'three', 'iretq']);
    expect([world.word(DATA_PAGE), world.machine.context(0).depth]).toEqual([2n, 1]);
  });

  it('that nest deeper than the machine can hold stop the CPU, and say so', () => {
    const world = new World({ asm: 'here: ud2', tasks: ['here'], idt: { 6: 'here' } });
    for (let depth = 1; depth < MAX_CONTEXTS; depth++) world.insn();
    expect(world.machine.stopped).toBeUndefined();
    world.insn();
    expect(world.machine.stopped).toMatchObject({ cpu: 0, kind: 'unsupported' });
    expect(world.machine.stopped?.reason).toContain('nest');
    expect(world.enabled()).toEqual([]);
  });
});
