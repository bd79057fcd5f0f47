import { describe, expect, it } from 'vitest';
import { SELECTOR } from '../../src/cpu/cells.js';
import { RFLAGS } from '../../src/cpu/flags.js';
import { VECTOR } from '../../src/cpu/vector.js';
import { procedure } from '../../src/machine/procedure.js';
import { stackBase, stackTop, World } from './world.js';

const IRQ = 0xfc;
const irqHandler = procedure('irq', (p) => p.step('iretq', (c) => c.host.interruptReturn(c.cpu)));

describe('the frame of a delivery', () => {
  it('is SS, RSP, RFLAGS, CS, RIP below RSP aligned down to 16 bytes, RSP at its lowest byte', () => {
    for (let misaligned = 0n; misaligned < 32n; misaligned++) {
      const world = new World({ asm: 'here: nop; handler: iretq', tasks: ['here'], idt: { [IRQ]: 'handler' } });
      const rsp = stackTop(0) - 0x100n - misaligned;
      world.cpu.rsp = rsp;
      world.cpu.rflags = RFLAGS.fixed | RFLAGS.if | RFLAGS.zf | RFLAGS.of | RFLAGS.df;
      world.send(IRQ).accept(IRQ);
      const top = rsp & ~15n;
      expect(world.cpu.rsp).toBe(top - 40n);
      expect([8n, 16n, 24n, 32n, 40n].map((below) => world.word(top - below))).toEqual([
        SELECTOR.kernelData,
        rsp,
        RFLAGS.fixed | RFLAGS.if | RFLAGS.zf | RFLAGS.of | RFLAGS.df,
        SELECTOR.kernelCode,
        world.at('here'),
      ]);
      expect(world.cpu.rip).toBe(world.at('handler'));
      world.insn();
      expect([world.cpu.rsp, world.cpu.rip]).toEqual([rsp, world.at('here')]);
    }
  });

  it('leaves everything above the aligned RSP alone', () => {
    const world = new World({ asm: 'here: nop', tasks: ['here'], idt: { [IRQ]: irqHandler } });
    world.cpu.rsp = stackTop(0) - 0x105n;
    for (let at = -0x108n; at < 0n; at += 8n) world.machine.memory.write(stackTop(0) + at, 8, ~0n);
    world.send(IRQ).accept(IRQ);
    // RSP is 0xfe..fb: the aligned one is 0x..ef0, so that not even the 11 bytes between are touched.
    for (let at = -0x108n; at < 0n; at += 8n) expect(world.word(stackTop(0) + at)).toBe(~0n & 0xffffffffffffffffn);
  });

  it('keeps IF, TF, NT and RF in the saved RFLAGS and clears them in the CPU', () => {
    const world = new World({ asm: 'here: nop', tasks: ['here'], idt: { [IRQ]: irqHandler } });
    const { if: IF, tf, nt, rf, df, ac, id, cf } = RFLAGS;
    world.cpu.rflags = RFLAGS.fixed | IF | tf | nt | rf | df | ac | id | cf;
    world.send(IRQ).accept(IRQ);
    expect(world.word(stackTop(0) - 24n)).toBe(RFLAGS.fixed | IF | tf | nt | rf | df | ac | id | cf);
    expect(world.cpu.rflags).toBe(RFLAGS.fixed | df | ac | id | cf);
  });

  it('has error code 0 in the event of a vector without one, whatever exception came before, on both backends', () => {
    for (const backend of ['wasm', 'bigint'] as const) {
      const asm = `
        pf:   mov %rax, 0x1000
        ud:   ud2
        bp:   int3
        iret: iretq
        skip: add $8, %rsp
              addq $8, (%rsp)
              iretq
        next: addq $2, (%rsp)
              iretq
        one:  iretq`;
      const idt = { [VECTOR.pf]: 'skip', [VECTOR.ud]: 'next', [VECTOR.bp]: 'one' };
      const world = new World({ asm, backend, tasks: ['pf'], idt });
      while (world.of('trap').length < 3) world.insn();
      expect(world.of('trap').map(({ vector, errorCode }) => [vector, errorCode])).toEqual([
        [VECTOR.pf, 2],
        [VECTOR.ud, 0],
        [VECTOR.bp, 0],
      ]);
    }
  });

  it('has an error code below RIP for exactly the vectors that push one', () => {
    const asm = `
      pf:   mov 0x1000, %rax
      gp:   mov %rax, (%rbx)
      ud:   ud2
      de:   div %ecx
      bp:   int3
      after: nop
      handler: nop`;
    const idt = { 0: 'handler', 3: 'handler', 6: 'handler', 13: 'handler', 14: 'handler' };
    const frames = (['pf', 'gp', 'ud', 'de', 'bp'] as const).map((entry) => {
      const world = new World({ asm, tasks: [entry], idt });
      world.cpu.setGpr('rbx', 0x8000000000000000n);
      world.insn();
      const size = Number(stackTop(0) - world.cpu.rsp);
      const rip = world.word(stackTop(0) - 40n);
      return [entry, size, size === 48 ? world.word(world.cpu.rsp) : undefined, rip === world.at(entry)];
    });
    expect(frames).toEqual([
      ['pf', 48, 0n, true],
      ['gp', 48, 0n, true],
      ['ud', 40, undefined, true],
      ['de', 40, undefined, true],
      // #BP is a trap: the saved RIP is that of the next instruction.
      ['bp', 40, undefined, false],
    ]);
  });

  it('of a page fault has the error code of the access, and CR2 the address', () => {
    const world = new World({
      asm: 'here: movl $1, here(%rip); handler: nop',
      tasks: ['here'],
      idt: { 14: 'handler' },
    });
    world.insn();
    expect(world.word(world.cpu.rsp)).toBe(3n);
    expect(world.cpu.cell('cr2')).toBe(world.at('here'));
    expect(world.of('trap')).toMatchObject([{ vector: VECTOR.pf, rip: world.at('here'), errorCode: 3 }]);
  });

  it('of an INT3 has the address after it, and the trap event too', () => {
    const world = new World({ asm: 'here: int3; after: nop', tasks: ['here'], idt: { 3: irqHandler } });
    world.insn();
    expect(world.word(world.cpu.rsp)).toBe(world.at('after'));
    expect(world.of('trap')).toMatchObject([{ vector: VECTOR.bp, rip: world.at('after') }]);
  });

  it("from user mode has the user's selectors, and IRETQ goes back there", () => {
    const world = new World({ asm: 'here: nop; handler: iretq', tasks: ['here'], idt: { [IRQ]: 'handler' } });
    world.cpu.setCell('cpl', 3n);
    world.send(IRQ).accept(IRQ);
    expect(world.cpu.cell('cpl')).toBe(0n);
    expect([world.word(stackTop(0) - 32n), world.word(stackTop(0) - 8n)]).toEqual([
      SELECTOR.userCode,
      SELECTOR.userData,
    ]);
    world.insn();
    expect(world.cpu.cell('cpl')).toBe(3n);
    expect(world.enabled()).toEqual(['cpu0 insn']);
  });

  it('needs exactly the stack that it writes', () => {
    const fits = (vector: number, room: bigint): boolean => {
      const asm = 'ud: ud2; pf: mov 0x1000, %rax; handler: nop';
      const world = new World({ asm, tasks: [vector === VECTOR.ud ? 'ud' : 'pf'], idt: { [vector]: 'handler' } });
      world.cpu.rsp = stackBase(0) + room;
      world.insn();
      return world.machine.stopped === undefined;
    };
    // The stack's end is aligned to 16 bytes, so that a frame of 40 bytes needs 48, with an error code or without.
    for (const vector of [VECTOR.ud, VECTOR.pf]) {
      const rooms = [0n, 16n, 32n, 40n, 47n, 48n, 49n, 55n, 63n, 64n, 100n];
      expect(rooms.map((room) => fits(vector, room))).toEqual(rooms.map((room) => room >= 48n));
    }
  });
});
