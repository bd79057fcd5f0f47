import { describe, expect, it } from 'vitest';
import { CPU_STRIDE, LAYOUT } from '../../src/memory/layout.js';
import { Cpus } from './cpus.js';
import { AT, hex, machineWith, type TestMachine, WRITABLE_TEXT } from './machine-with.js';

/** Changes text from outside, as a patcher does. */
const poke = (m: TestMachine, address: bigint, code: string): TestMachine =>
  m.both(({ memory }) => memory.storeBytes(address, hex(code)));

describe('text that changes under decoded instructions', () => {
  // inc %rax; jmp back
  const LOOP = '48 ff c0 eb fb';

  it('is seen by the very next step, in a loop whose records are linked', () => {
    const m = machineWith({ code: LOOP, text: WRITABLE_TEXT }).step(200);
    expect(m.reg('rax')).toBe(100n);
    // dec %rax
    poke(m, AT.code + 2n, 'c8').step();
    expect(m.reg('rax')).toBe(99n);
    expect(m.step(199).reg('rax')).toBe(0n);
    poke(m, AT.code + 2n, 'c0').step();
    expect(m.reg('rax')).toBe(1n);
  });

  it('is seen when only the jump changes, between two of its executions', () => {
    const m = machineWith({ code: LOOP, text: WRITABLE_TEXT }).step(21);
    // jmp to itself
    poke(m, AT.code + 4n, 'fe').step(5);
    expect([m.rip, m.reg('rax')]).toEqual([AT.code + 3n, 11n]);
    poke(m, AT.code + 4n, 'fb').step(2);
    expect(m.reg('rax')).toBe(12n);
  });

  it.each([
    ['first', 0x3fn, '05'],
    ['last', 0x43n, '99'],
  ] as const)('is seen when only the %s of two lines changes', (_, offset, byte) => {
    // nops, then mov $0x44332211,%eax from 0x3f to 0x43, then a jump back to it
    const code = `${'90 '.repeat(0x3f)}b8 11 22 33 44 eb f9`;
    const m = machineWith({ code, text: WRITABLE_TEXT, rax: 1n }).step(0x3f + 9);
    expect(m.reg('rax')).toBe(0x44332211n);
    poke(m, AT.code + offset, byte).step(2);
    // add $0x44332211,%eax, or another immediate
    expect(m.reg('rax')).toBe(byte === '05' ? 0x88664422n : 0x99332211n);
  });

  it('becomes shorter and longer instructions, with the links that belong to them', () => {
    // a 5-byte site: nop; then inc %rax; jmp back to the site
    const m = machineWith({ code: '0f 1f 44 00 00 48 ff c0 eb f6', text: WRITABLE_TEXT });
    m.step(30);
    expect(m.reg('rax')).toBe(10n);
    poke(m, AT.code, 'cc').step();
    expect([m.exception, m.rip]).toEqual(['#BP', AT.code + 1n]);
    m.both(({ cpu }) => {
      cpu.rip = AT.code;
    });
    // jmp +3 (over the inc), cut to 2 bytes; then a call to the inc
    poke(m, AT.code, 'eb 06').step(20);
    expect(m.reg('rax')).toBe(10n);
    poke(m, AT.code, 'e8 00 00 00 00').step();
    expect([m.rip, m.read(m.reg('rsp'))]).toEqual([AT.code + 5n, AT.code + 5n]);
    poke(m, AT.code, '0f 1f 44 00 00').step(31);
    expect(m.reg('rax')).toBe(21n);
  });

  it('is seen when an instruction changes the one behind it', () => {
    // movb $0xc8,2+7(%rip) makes the inc %rax behind it a dec
    const m = machineWith({ code: 'c6 05 02 00 00 00 c8 48 ff c0', text: WRITABLE_TEXT, rax: 5n }).step(2);
    expect(m.reg('rax')).toBe(4n);
    expect(m.wasm.memory.text.now).toBe(1);
  });

  it('is seen when an instruction changes itself', () => {
    // movb $imm,-1(%rip): overwrites its own immediate with what it is, then with another
    const m = machineWith({ code: 'c6 05 ff ff ff ff 07 eb f7', text: WRITABLE_TEXT }).step(3);
    expect(m.wasm.memory.text.now).toBe(0);
    poke(m, AT.code + 6n, '90').step(2);
    expect(m.wasm.memory.text.now).toBe(1);
  });

  it('stays as it is where the line changes but not the instruction', () => {
    const m = machineWith({ code: `${LOOP} 00 00 00`, text: WRITABLE_TEXT }).step(10);
    for (let i = 0; i < 10; i++) poke(m, AT.code + 7n, (0x10 + i).toString(16)).step(2);
    expect(m.reg('rax')).toBe(15n);
  });

  it('comes back with a snapshot', () => {
    const m = machineWith({ code: LOOP, text: WRITABLE_TEXT }).step(10);
    const saved = m.wasm.memory.save();
    const savedBigint = m.bigint.memory.save();
    poke(m, AT.code + 2n, 'c8').step(2);
    expect(m.reg('rax')).toBe(4n);
    m.wasm.memory.restore(saved);
    m.bigint.memory.restore(savedBigint);
    expect(m.step(2).reg('rax')).toBe(5n);
  });
});

describe('indirect branches', () => {
  it('to targets that share a place in the branch-target table go where they should', () => {
    // jmp *%rax at two places 0x200 apart, to and fro
    const m = machineWith({
      code: `48 93 ff e3 ${'90 '.repeat(0x1fc)} 48 93 ff e3`,
      rax: AT.code + 0x200n,
      rbx: AT.code,
    });
    // xchg %rax,%rbx; jmp *%rbx
    for (let i = 0; i < 6; i++) {
      m.step(2);
      expect(m.rip).toBe(i % 2 === 0 ? AT.code + 0x200n : AT.code);
    }
  });

  it('find the new instruction when text at their target changed', () => {
    // call *%rbx; jmp back; the target: inc %rax; ret
    const m = machineWith({ code: 'ff d3 eb fc 48 ff c0 c3', rbx: AT.code + 4n, text: WRITABLE_TEXT }).step(16);
    expect(m.reg('rax')).toBe(4n);
    poke(m, AT.code + 6n, 'c8').step(4);
    expect(m.reg('rax')).toBe(3n);
  });
});

describe('several CPUs', () => {
  // add %rbp,%rax; mov %rax,(%rdi); call +2; jmp back; ret
  const CODE = '48 01 e8 48 89 07 e8 02 00 00 00 eb f3 c3';

  it('at the same address have their own registers', () => {
    const cpus = new Cpus(4, CODE);
    const wasm = cpus.wasm();
    for (let i = 0; i < 4 * 50; i++) wasm.step(i % 4);
    expect(cpus.states.map((state) => state.gpr('rax'))).toEqual([0n, 10n, 20n, 30n]);
  });

  it('all see text that one of them changes', () => {
    // loop: inc %rax; jmp loop; and for CPU 1: movb $0xc8,(%rdi)
    const cpus = new Cpus(2, '48 ff c0 eb fb c6 07 c8');
    const wasm = cpus.wasm();
    const [first, second] = cpus.states;
    for (let i = 0; i < 10; i++) wasm.step(0);
    second?.setGpr('rdi', AT.code + 2n);
    if (second !== undefined) second.rip = AT.code + 5n;
    wasm.step(1);
    wasm.step(0);
    expect(first?.gpr('rax')).toBe(4n);
  });
});

describe('a cache that overflows', () => {
  // Two loops that do not fit into few records: with an indirect branch, and with call and return.
  const INDIRECT = [
    '48 01 e8', // 00 add %rbp,%rax
    '48 89 07', // 03 mov %rax,(%rdi)
    '48 8d 15 f3 ff ff ff', // 06 lea -0xd(%rip),%rdx: 00
    '75 03', // 0d jne 12
    '48 ff c3', // 0f inc %rbx
    '48 ff c1', // 12 inc %rcx
    'ff e2', // 15 jmp *%rdx
  ].join(' ');
  const CALLING = [
    '48 01 e8', // 00 add %rbp,%rax
    '48 89 07', // 03 mov %rax,(%rdi)
    'e8 05 00 00 00', // 06 call 10
    '48 ff c3', // 0b inc %rbx
    'eb f0', // 0e jmp 00
    '48 ff c1', // 10 inc %rcx
    '75 01', // 13 jne 16
    '90', // 15 nop
    'c3', // 16 ret
  ].join(' ');

  it.each([2, 3, 4, 5, 8, 13])('keeps running right with %i records', (records) => {
    for (const code of [INDIRECT, CALLING]) {
      const [small, oracle] = [new Cpus(3, code), new Cpus(3, code)];
      const [wasm, bigint] = [small.wasm(records), oracle.bigint()];
      const history = [wasm, bigint].map((interpreter) =>
        Array.from({ length: 300 }, (_, i) => {
          const status = interpreter.step((i * 7 + (i >> 3)) % 3);
          const { rip, bytes } = interpreter.executed();
          return `${status} ${rip.toString(16)} ${bytes.join()}`;
        }),
      );
      expect(history[0]).toEqual(history[1]);
      expect(small.look()).toEqual(oracle.look());
    }
  });

  it.each([2, 3, 5])('keeps running right when states are put back that knew other records (%i records)', (records) => {
    const cpus = new Cpus(2, CALLING);
    const wasm = cpus.wasm(records);
    const { u8 } = cpus.memory.linear;
    const end = LAYOUT.cpu + 2 * CPU_STRIDE;
    const save = () => ({ blocks: u8.slice(LAYOUT.cpu, end), memory: cpus.memory.save() });
    for (let round = 0; round < 40; round++) {
      const saved = save();
      const run = (order: number): unknown => {
        u8.set(saved.blocks, LAYOUT.cpu);
        cpus.memory.restore(saved.memory);
        for (let i = 0; i < 12; i++) wasm.step((i * order + round) & 1);
        return cpus.look().cpus[0];
      };
      // CPU 0 does the same six steps in every order, whatever records the others used up in between.
      const first = run(1);
      expect(run(3)).toEqual(first);
      expect(run(1)).toEqual(first);
    }
  });
});
