import { describe, expect, it } from 'vitest';
import { assembleInstruction } from '../../../src/encoder/assemble.js';
import { AT, NON_CANONICAL, stepper } from '../machine-with.js';

const ALL = 0xffffffffffffffffn;
const load = stepper();

/** One instruction, written in AT&T syntax. */
function run(text: string, setup: Omit<Parameters<typeof load>[0], 'code'> = {}) {
  return load({ ...setup, code: Buffer.from(assembleInstruction(text, AT.code)).toString('hex') });
}

describe('BMI1', () => {
  it('ANDN complements the first source, and clears CF and OF', () => {
    const m = run('andn %rcx,%rbx,%rax', { rbx: 0xff00n, rcx: 0xfff0n, flags: 'CF OF' });
    expect(m.reg('rax')).toBe(0xf0n);
    expect(m.flags).not.toMatch(/CF|OF|ZF|SF/);
    expect(run('andn (%rdi),%ebx,%eax', { rax: ALL, rdi: AT.data, words: { [`${AT.data}`]: ALL } }).reg('rax')).toBe(
      0xffffffffn,
    );
  });

  it('BEXTR extracts what is there of a field that goes beyond the source', () => {
    const field = (start: bigint, length: bigint) =>
      run('bextr %rcx,%rbx,%rax', { rbx: 0xfedcba9876543210n, rcx: (length << 8n) | start }).reg('rax');
    expect(field(4n, 8n)).toBe(0x21n);
    expect(field(60n, 8n)).toBe(0xfn);
    expect(field(0n, 255n)).toBe(0xfedcba9876543210n);
    expect(field(64n, 8n)).toBe(0n);
    expect(field(255n, 255n)).toBe(0n);
    expect(field(3n, 0n)).toBe(0n);
  });

  it('BLSI, BLSMSK and BLSR of 0 differ in CF', () => {
    const flags = (name: string) => run(`${name} %ebx,%eax`, { rax: ALL, rbx: 0xffffffff00000000n, flags: 'OF' });
    expect([flags('blsi').reg('rax'), flags('blsi').flags]).toEqual([0n, expect.stringMatching(/^(PF )?ZF$/)]);
    const mask = flags('blsmsk');
    expect([mask.reg('rax'), mask.flags.match(/CF|ZF|SF|OF/g)]).toEqual([0xffffffffn, ['CF', 'SF']]);
    expect(flags('blsr').flags.match(/CF|ZF|SF|OF/g)).toEqual(['CF', 'ZF']);
  });
});

describe('BMI2', () => {
  it('BZHI sets CF when the index is beyond the source', () => {
    const at = (index: bigint) => run('bzhi %ecx,%ebx,%eax', { rbx: ALL, rcx: 0x100n | index });
    expect([at(31n).reg('rax'), at(31n).flags.includes('CF')]).toEqual([0x7fffffffn, false]);
    expect([at(32n).reg('rax'), at(32n).flags.includes('CF')]).toEqual([0xffffffffn, true]);
    expect([at(0n).reg('rax'), at(0n).flags.includes('ZF')]).toEqual([0n, true]);
  });

  it('MULX gives the high half where both destinations are one register, and leaves the flags', () => {
    const all = 'CF PF AF ZF SF OF';
    const m = run('mulx %rbx,%rax,%rax', { rdx: ALL, rbx: ALL, flags: all });
    expect([m.reg('rax'), m.flags]).toEqual([ALL - 1n, all]);
    const apart = run('mulx (%rdi),%rcx,%rax', { rdx: 3n, rdi: AT.data, words: { [`${AT.data}`]: ALL } });
    expect([apart.reg('rax'), apart.reg('rcx')]).toEqual([2n, ALL - 2n]);
  });

  it('PDEP and PEXT are inverse to each other under a mask', () => {
    const mask = 0xf0f00000000000f1n;
    const deposited = run('pdep %rcx,%rbx,%rax', { rbx: 0xabcdn, rcx: mask }).reg('rax');
    expect(deposited).toBe(0x50e0000000000061n);
    expect(run('pext %rcx,%rbx,%rax', { rbx: deposited | ~mask, rcx: mask }).reg('rax')).toBe(0xabcdn & 0x1fffn);
  });

  it('RORX by 0 and by the operand size leaves the value', () => {
    for (const count of [0, 32, 64]) {
      expect(run(`rorx $${count},%ebx,%eax`, { rbx: 0x1_8000_0001n }).reg('rax')).toBe(0x80000001n);
    }
    expect(run('rorx $4,%ebx,%eax', { rbx: 0x8000_0001n }).reg('rax')).toBe(0x1800_0000n);
  });

  it('SARX, SHLX and SHRX take the count modulo the operand size and leave the flags', () => {
    const m = run('sarx %rcx,%rbx,%rax', { rbx: 1n << 63n, rcx: 64n + 60n, flags: 'CF OF' });
    expect([m.reg('rax'), m.flags]).toEqual([(ALL << 3n) & ALL, 'CF OF']);
    expect(run('shlx %ecx,%ebx,%eax', { rbx: ALL, rcx: 36n }).reg('rax')).toBe(0xfffffff0n);
    expect(run('shrx %ecx,%ebx,%eax', { rbx: ALL, rcx: 36n }).reg('rax')).toBe(0xfffffffn);
  });

  it('leave the destination alone when the source faults', () => {
    const m = run('pext (%rdi),%rbx,%rax', { rax: 5n, rdi: NON_CANONICAL });
    expect([m.exception, m.reg('rax')]).toEqual(['#GP(0)', 5n]);
  });
});
