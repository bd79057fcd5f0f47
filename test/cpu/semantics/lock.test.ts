import { describe, expect, it } from 'vitest';
import { AT, machineWith, NON_CANONICAL, stepper, WRITABLE_TEXT } from '../machine-with.js';

const ALL = 0xffffffffffffffffn;
const run = stepper();
const data = (value: bigint, next = 0n) => ({
  rdi: AT.data,
  words: { [`${AT.data}`]: value, [`${AT.data + 8n}`]: next },
});

describe('XADD', () => {
  it('of a register with itself doubles it', () => {
    // xadd %al,%al; xadd %rax,%rax
    expect(run({ code: '0f c0 c0', rax: 0x1121n }).reg('rax')).toBe(0x1142n);
    expect(run({ code: '48 0f c1 c0', rax: 5n }).reg('rax')).toBe(10n);
  });

  it('exchanges and adds, with the flags of ADD', () => {
    const m = run({ code: 'f0 48 0f c1 07', rax: 1n, ...data(ALL) });
    expect([m.reg('rax'), m.read(AT.data), m.flags]).toEqual([ALL, 0n, 'CF PF AF ZF']);
    expect(m.accesses).toEqual([{ address: AT.data, size: 8, kind: 'update' }]);
  });

  it('clears the upper halves of both 32-bit registers', () => {
    const m = run({ code: '0f c1 c3', rax: ALL, rbx: ALL });
    expect([m.reg('rax'), m.reg('rbx')]).toEqual([0xffffffffn, 0xfffffffen]);
  });

  it('changes no register when memory may not be written', () => {
    const m = run({ code: 'f0 48 0f c1 07', rax: 1n, rdi: AT.readonly });
    expect([m.exception, m.reg('rax')]).toEqual(['#PF(3) 20002000', 1n]);
  });
});

describe('CMPXCHG', () => {
  it('of unequal 32-bit registers loads EAX and keeps the upper half of the destination', () => {
    // cmpxchg %ebx,%ecx
    const m = run({ code: '0f b1 d9', rax: ALL, rbx: 1n, rcx: 0x1122334455667788n });
    expect([m.reg('rax'), m.reg('rcx')]).toEqual([0x55667788n, 0x1122334455667788n]);
    expect(m.flags).not.toContain('ZF');
  });

  it('of equal 32-bit registers clears the upper half of the destination and keeps RAX', () => {
    const m = run({ code: '0f b1 d9', rax: 0xffffffff00000007n, rbx: ALL, rcx: 0x1122334400000007n });
    expect([m.reg('rax'), m.reg('rcx'), m.flags]).toEqual([0xffffffff00000007n, 0xffffffffn, 'PF ZF']);
  });

  it('compares the accumulator with memory as CMP does', () => {
    const m = run({ code: 'f0 48 0f b1 1f', rax: 5n, rbx: 9n, ...data(6n) });
    expect([m.reg('rax'), m.read(AT.data), m.flags]).toEqual([6n, 6n, 'CF PF AF SF']);
    expect(run({ code: 'f0 48 0f b1 1f', rax: 6n, rbx: 9n, ...data(6n) }).read(AT.data)).toBe(9n);
  });

  it('needs write permission even when unequal', () => {
    const m = run({ code: 'f0 48 0f b1 1f', rax: 5n, rdi: AT.readonly });
    expect([m.exception, m.reg('rax')]).toEqual(['#PF(3) 20002000', 5n]);
  });

  it('on text is an event only when it changes text', () => {
    // cmpxchg %bl,(%rdi) on its own last byte
    const setup = { code: '0f b0 1f 90', text: WRITABLE_TEXT, rdi: AT.code + 3n, rbx: 0xccn };
    const unequal = run({ ...setup, rax: 0x91n }).compareMemory();
    expect([unequal.wasm.memory.text.now, unequal.reg('rax')]).toEqual([0, 0x90n]);
    const equal = run({ ...setup, rax: 0x90n }).compareMemory();
    expect(equal.wasm.memory.text.now).toBe(1);
    expect(equal.step().exception).toBe('#BP');
  });
});

describe('CMPXCHG8B', () => {
  it('compares EDX:EAX and stores ECX:EBX', () => {
    const equal = run({ code: '0f c7 0f', rdx: ALL, rax: 5n, rcx: 7n, rbx: ALL, ...data(0xffffffff00000005n) });
    expect([equal.read(AT.data), equal.flags, equal.reg('rdx')]).toEqual([0x7ffffffffn, 'ZF', ALL]);
    const unequal = run({ code: '0f c7 0f', rdx: ALL, rax: ALL, flags: 'CF ZF', ...data(0x1122334455667788n) });
    expect([unequal.reg('rdx'), unequal.reg('rax'), unequal.flags]).toEqual([0x11223344n, 0x55667788n, 'CF']);
  });
});

describe('CMPXCHG16B', () => {
  const code = 'f0 48 0f c7 0f';

  it('compares RDX:RAX and stores RCX:RBX', () => {
    const m = run({ code, rax: 1n, rdx: 2n, rbx: 3n, rcx: 4n, ...data(1n, 2n) });
    expect([m.read(AT.data), m.read(AT.data + 8n), m.flags]).toEqual([3n, 4n, 'ZF']);
  });

  it('stores both halves to text', () => {
    // on the 16 bytes behind itself: int3s become nops
    const m = machineWith({
      code: `${code} ${'90 '.repeat(11)}${'cc '.repeat(16)}`,
      text: WRITABLE_TEXT,
      rdi: AT.code + 16n,
      rax: 0xccccccccccccccccn,
      rdx: 0xccccccccccccccccn,
      rbx: 0x9090909090909090n,
      rcx: 0xcc90909090909090n,
    });
    m.step(1 + 11 + 15).compareMemory();
    expect(m.rip).toBe(AT.code + 31n);
    expect(m.step().exception).toBe('#BP');
  });

  it('loads RDX:RAX when either half differs', () => {
    const m = run({ code, rax: 1n, rdx: 2n, rbx: 3n, rcx: 4n, flags: 'ZF', ...data(1n, 3n) });
    expect([m.reg('rax'), m.reg('rdx'), m.read(AT.data + 8n), m.flags]).toEqual([1n, 3n, 3n, '']);
  });

  it('is #GP(0) on an operand that is not aligned to 16 bytes, before anything else', () => {
    for (const rdi of [AT.data + 8n, AT.data + 1n, 0x1008n]) {
      const m = run({ code, rdi, rax: 1n });
      expect([m.exception, m.accesses, m.reg('rax')]).toEqual(['#GP(0)', [], 1n]);
    }
  });

  it('is #SS with a non-canonical address based on RBP', () => {
    // cmpxchg16b 0(%rbp)
    expect(run({ code: '48 0f c7 4d 00', rbp: NON_CANONICAL }).exception).toBe('#SS(0)');
    expect(run({ code, rdi: NON_CANONICAL }).exception).toBe('#GP(0)');
  });

  it('needs write permission even when unequal', () => {
    const m = run({ code, rdi: AT.readonly, rax: 1n, rdx: 9n });
    expect([m.exception, m.reg('rax'), m.reg('rdx')]).toEqual(['#PF(3) 20002000', 1n, 9n]);
  });
});

describe('LOCK', () => {
  it('on what cannot be locked is #UD', () => {
    // lock nop; lock add %eax,%ebx; lock mov %eax,(%rdi); lock cmp %eax,(%rdi)
    for (const code of ['f0 90', 'f0 01 c3', 'f0 89 07', 'f0 39 07']) {
      expect(run({ code, rdi: AT.data }).exception).toBe('#UD');
    }
  });
});
