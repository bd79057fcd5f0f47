import { describe, expect, it } from 'vitest';
import { AT, stepper } from '../machine-with.js';

const ALL = 0xffffffffffffffffn;
const run = stepper();

/** Map 9: opcode and the middle field of ModRM; what APM Vol. 3 says of the source. */
const INSTRUCTIONS = [
  ['blcfill', '01', 1, (s: bigint) => s & (s + 1n), 'add'],
  ['blsfill', '01', 2, (s: bigint) => s | (s - 1n), 'sub'],
  ['blcs', '01', 3, (s: bigint) => s | (s + 1n), 'add'],
  ['tzmsk', '01', 4, (s: bigint) => ~s & (s - 1n), 'sub'],
  ['blcic', '01', 5, (s: bigint) => ~s & (s + 1n), 'add'],
  ['blsic', '01', 6, (s: bigint) => ~s | (s - 1n), 'sub'],
  ['t1mskc', '01', 7, (s: bigint) => ~s | (s + 1n), 'add'],
  ['blcmsk', '02', 1, (s: bigint) => s ^ (s + 1n), 'add'],
  ['blci', '02', 6, (s: bigint) => s | ~(s + 1n), 'add'],
] as const;
const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

describe('TBM', () => {
  it.each(INSTRUCTIONS)('%s computes as the manual says, with CF of the addition or subtraction', (...one) => {
    const [, opcode, field, meaning, kind] = one;
    for (const size of [4, 8] as const) {
      const mask = BigInt.asUintN(8 * size, ALL);
      for (const src of [0n, 1n, 0b1011000n, 0b0111n, 1n << 31n, 1n << 63n, mask, mask - 1n, mask >> 1n]) {
        // XXX %ebx,%eax: the destination is in vvvv
        const code = `8f e9 ${size === 8 ? 'f8' : '78'} ${opcode} ${hex(0xc3 | (field << 3))}`;
        const value = src & mask;
        const result = BigInt.asUintN(8 * size, meaning(value));
        const m = run({ code, rax: ALL, rbx: src, flags: 'CF OF ZF SF' });
        expect(m.reg('rax')).toBe(result);
        const flags = [
          (kind === 'add' ? value === mask : value === 0n) ? 'CF' : '',
          result === 0n ? 'ZF' : '',
          result >> BigInt(8 * size - 1) === 1n ? 'SF' : '',
        ];
        expect(m.flags.replace(/[PA]F ?/g, '').trim()).toBe(flags.filter((flag) => flag !== '').join(' '));
      }
    }
  });

  it('BEXTR takes start and length from an immediate', () => {
    // bextr $0x0804,(%rdi),%ecx
    const m = run({ code: '8f ea 78 10 0f 04 08 00 00', rdi: AT.data, words: { [`${AT.data}`]: 0xabcdn } });
    expect([m.reg('rcx'), m.accesses]).toEqual([0xbcn, [{ address: AT.data, size: 4, kind: 'read' }]]);
    expect(run({ code: '8f ea f8 10 c8 3c ff 00 00', rax: ALL }).reg('rcx')).toBe(0xfn);
  });
});
