import { describe, expect, it } from 'vitest';
import { AT, stepper } from '../machine-with.js';

const ALL = 0xffffffffffffffffn;
const run = stepper();
const data = (value: bigint) => ({ rdi: AT.data, words: { [`${AT.data}`]: value } });

describe('AADD, AAND, AOR and AXOR', () => {
  it.each([
    ['aadd %rax,(%rdi)', '48 0f 38 fc 07', 0x0fn],
    ['aand %rax,(%rdi)', '66 48 0f 38 fc 07', 0x04n],
    ['aor %rax,(%rdi)', 'f2 48 0f 38 fc 07', 0x0dn - 2n],
    ['axor %rax,(%rdi)', 'f3 48 0f 38 fc 07', 0x07n],
  ])('%s changes memory alone', (name, code) => {
    const [a, b] = [0xfcn, 0x30fn];
    const wanted = { aadd: a + b, aand: a & b, aor: a | b, axor: a ^ b }[name.slice(0, name.indexOf(' '))];
    const m = run({ code, rax: b, flags: 'CF ZF', ...data(a) });
    expect([m.read(AT.data), m.reg('rax'), m.flags]).toEqual([wanted, b, 'CF ZF']);
    expect(m.accesses).toEqual([{ address: AT.data, size: 8, kind: 'update' }]);
  });

  it('of 4 bytes leave the other 4 alone; the operand is aligned, or #GP(0)', () => {
    expect(run({ code: '0f 38 fc 07', rax: 1n, ...data(0x7_ffffffffn) }).read(AT.data)).toBe(0x7_00000000n);
    expect(run({ code: '48 0f 38 fc 07', rdi: AT.data + 4n }).exception).toBe('#GP(0)');
    expect(run({ code: '0f 38 fc 07', rdi: AT.data + 2n }).exception).toBe('#GP(0)');
    expect(run({ code: '0f 38 fc 07', rdi: AT.data + 4n }).exception).toBeUndefined();
    expect(run({ code: '0f 38 fc 07', rdi: AT.readonly }).exception).toBe('#PF(3) 20002000');
  });
});

describe('CMPccXADD', () => {
  /** cmpCCxadd %rbx,%rax,(%rdi): compares memory with RAX, adds RBX. */
  const code = (condition: number, size: 4 | 8 = 8) =>
    `c4 e2 ${size === 8 ? 'e1' : '61'} e${condition.toString(16)} 07`;

  it('adds if the condition is met, and gives what was in memory in any case', () => {
    // Of 5 compared with 7 CF, AF and SF are set.
    const met = [1, 2, 5, 6, 8, 11, 12, 14]; // NO B NZ BE S NP L LE
    for (let condition = 0; condition < 16; condition++) {
      const is = met.includes(condition);
      const m = run({ code: code(condition), rax: 7n, rbx: 100n, flags: 'OF ZF', ...data(5n) });
      expect([condition, m.read(AT.data), m.reg('rax'), m.reg('rbx')]).toEqual([condition, is ? 105n : 5n, 5n, 100n]);
      expect(m.flags).toBe('CF AF SF');
      expect(m.accesses).toEqual([{ address: AT.data, size: 8, kind: 'update' }]);
    }
  });

  it('has operands of 4 bytes too', () => {
    const m = run({ code: code(4, 4), rax: ALL, rbx: 2n, ...data(0x1_ffffffffn) });
    expect([m.read(AT.data), m.reg('rax'), m.flags]).toEqual([0x1_00000001n, 0xffffffffn, 'PF ZF']);
  });

  it('needs an operand that is aligned and may be written', () => {
    expect(run({ code: code(4), rdi: AT.data + 4n }).exception).toBe('#GP(0)');
    const m = run({ code: code(4), rdi: AT.readonly, rax: 1n });
    expect([m.exception, m.reg('rax')]).toEqual(['#PF(3) 20002000', 1n]);
  });
});
