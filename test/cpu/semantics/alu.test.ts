import { describe, expect, it } from 'vitest';
import { AT, machineWith, stepper } from '../machine-with.js';

const run = stepper();

describe('ADD and SUB', () => {
  it('set OF on signed and CF on unsigned overflow', () => {
    // add %bl,%al
    const at = (a: bigint, b: bigint) => run({ code: '00 d8', rax: a, rbx: b });
    expect(at(0x7fn, 1n).flags).toBe('AF SF OF');
    expect(at(0xffn, 1n).flags).toBe('CF PF AF ZF');
    expect(at(0x80n, 0x80n).flags).toBe('CF PF ZF OF');
    expect(at(0x40n, 0x3fn).flags).toBe('');
  });

  it('clear the upper half of a 32-bit register and keep the rest of a smaller one', () => {
    const all = 0xffffffffffffffffn;
    expect(run({ code: '01 d8', rax: all, rbx: 1n }).reg('rax')).toBe(0n);
    expect(run({ code: '66 01 d8', rax: all, rbx: 1n }).reg('rax')).toBe(0xffffffffffff0000n);
    expect(run({ code: '00 d8', rax: all, rbx: 1n }).reg('rax')).toBe(0xffffffffffffff00n);
  });

  it('reach AH, CH, DH and BH without REX, and SPL, BPL, SIL and DIL with it', () => {
    // add %bh,%ah and add %dil,%spl
    const high = run({ code: '00 fc', rax: 0x1122n, rbx: 0x3344n });
    expect(high.reg('rax')).toBe(0x4422n);
    const low = run({ code: '40 00 fc', rsp: 0x1122n, rdi: 0x3344n });
    expect(low.reg('rsp')).toBe(0x1166n);
  });

  it('sign-extend an immediate to the operand size', () => {
    // add $-1,%rax; sub $0x80000000 (sign-extended),%rax
    const m = run({ code: '48 83 c0 ff 48 2d 00 00 00 80', rax: 0n });
    expect(m.reg('rax')).toBe(0xffffffffffffffffn);
    expect(m.step().reg('rax')).toBe(0x7fffffffn);
  });

  it('update memory in one access', () => {
    // add %eax,(%rdi)
    const m = machineWith({ code: '01 07', rax: 5n, rdi: AT.data, words: { [`${AT.data}`]: 0xffffffff00000001n } });
    expect(m.step().read(AT.data)).toBe(0xffffffff00000006n);
    expect(m.accesses).toEqual([{ address: AT.data, size: 4, kind: 'update' }]);
  });
});

describe('ADC and SBB', () => {
  it('carry out when only the incoming carry overflows', () => {
    // adc %rbx,%rax with rbx = -1: the sum is rax again
    const m = run({ code: '48 11 d8', rax: 5n, rbx: 0xffffffffffffffffn, flags: 'CF' });
    expect(m.reg('rax')).toBe(5n);
    expect(m.flags).toBe('CF PF AF');
  });

  it('borrow when only the incoming borrow underflows', () => {
    // sbb %bl,%al
    const m = run({ code: '18 d8', rax: 0n, rbx: 0xffn, flags: 'CF' });
    expect(m.reg('rax')).toBe(0n);
    expect(m.flags).toBe('CF PF AF ZF');
  });

  it('make all ones or zero of the carry', () => {
    // sbb %eax,%eax
    expect(run({ code: '19 c0', rax: 7n, flags: 'CF' }).reg('rax')).toBe(0xffffffffn);
    expect(run({ code: '19 c0', rax: 7n }).reg('rax')).toBe(0n);
  });
});

describe('INC and DEC', () => {
  it('leave CF alone, whatever else overflows', () => {
    // inc %eax, dec %eax
    expect(run({ code: 'ff c0', rax: 0x7fffffffn, flags: 'CF' }).flags).toBe('CF PF AF SF OF');
    expect(run({ code: 'ff c0', rax: 0xffffffffn }).flags).toBe('PF AF ZF');
    expect(run({ code: 'ff c8', rax: 0n, flags: 'CF' }).flags).toBe('CF PF AF SF');
    expect(run({ code: 'ff c8', rax: 0x80000000n }).flags).toBe('PF AF OF');
  });
});

describe('NEG and NOT', () => {
  it('NEG sets CF unless the operand is 0, and OF on the most negative number', () => {
    expect(run({ code: 'f6 d8', rax: 0n, flags: 'CF' }).flags).toBe('PF ZF');
    expect(run({ code: 'f6 d8', rax: 0x80n }).flags).toBe('CF SF OF');
    expect(run({ code: 'f6 d8', rax: 1n }).flags).toBe('CF PF AF SF');
  });

  it('NOT changes no flag', () => {
    const m = run({ code: 'f7 d0', rax: 0xffffffff00000000n, flags: 'CF PF AF ZF SF OF' });
    expect(m.reg('rax')).toBe(0xffffffffn);
    expect(m.flags).toBe('CF PF AF ZF SF OF');
  });
});

describe('logic', () => {
  it('clears CF and OF and takes parity of the low byte only', () => {
    // and %ebx,%eax; or; xor
    const all = { rax: 0x101n, rbx: 0x103n, flags: 'CF OF' };
    expect(run({ code: '21 d8', ...all }).flags).toBe('');
    expect(run({ code: '09 d8', ...all }).flags).toBe('PF');
    expect(run({ code: '31 c0', ...all }).flags).toBe('PF ZF');
  });

  it('TEST and CMP write nothing: they read a page that may not be written', () => {
    for (const code of ['f7 07 01 00 00 00', '39 07']) {
      const m = run({ code, rdi: AT.readonly });
      expect(m.exception).toBeUndefined();
      expect(m.accesses).toEqual([{ address: AT.readonly, size: 4, kind: 'read' }]);
    }
  });

  it('faults before it changes anything when its page may not be written', () => {
    const m = machineWith({ code: '09 07', rax: 1n, rdi: AT.readonly, flags: 'CF OF' });
    const before = m.step().committed;
    expect(m.exception).toBe('#PF(3) 20002000');
    expect(m.rip).toBe(AT.code);
    expect(m.flags).toBe('CF OF');
    expect(m.step().committed).toEqual(before);
  });
});
