import { describe, expect, it } from 'vitest';
import { AT, machineWith, stepper } from '../machine-with.js';

const ALL = 0xffffffffffffffffn;
const run = stepper();
const counted = (code: string, rax: bigint, count: number, flags = '') => run({ code, rax, rcx: BigInt(count), flags });

describe('a shift by 0', () => {
  it('changes no flag, also when the count is 0 only after masking', () => {
    const flags = 'CF PF AF ZF SF OF';
    // shl, shr, sar, rol, ror, rcl, rcr %cl,%al and %rax
    for (const modrm of ['e0', 'e8', 'f8', 'c0', 'c8', 'd0', 'd8']) {
      expect(counted(`d2 ${modrm}`, 0x81n, 0x20, flags).flags).toBe(flags);
      expect(counted(`48 d3 ${modrm}`, 0x81n, 0x40, flags).flags).toBe(flags);
      expect(counted(`d2 ${modrm}`, 0x81n, 0).reg('rax')).toBe(0x81n);
    }
  });

  it('clears the upper half of a 32-bit register all the same', () => {
    // shl %cl,%eax; rcr %cl,%eax; shld %cl,%ebx,%eax
    expect(counted('d3 e0', ALL, 0).reg('rax')).toBe(0xffffffffn);
    expect(counted('d3 d8', ALL, 0x20).reg('rax')).toBe(0xffffffffn);
    expect(counted('0f a5 d8', ALL, 0).reg('rax')).toBe(0xffffffffn);
    expect(counted('d3 e0', ALL, 0x21).reg('rax')).toBe(0xfffffffen);
  });

  it('accesses memory as a write all the same', () => {
    // shll $0,(%rdi)
    expect(run({ code: 'c1 27 00', rdi: AT.data }).accesses).toEqual([{ address: AT.data, size: 4, kind: 'update' }]);
    expect(run({ code: 'c1 27 00', rdi: AT.readonly }).exception).toBe('#PF(3) 20002000');
  });
});

describe('SHL', () => {
  it('puts the last bit shifted out into CF', () => {
    expect(counted('d2 e0', 0x81n, 1).flags).toBe('CF OF');
    expect(counted('d2 e0', 0x40n, 2).flags).toContain('CF');
    expect(counted('48 d3 e0', 1n << 1n, 63).flags).toContain('CF');
  });

  it('by more than the size of the operand leaves 0 and CF 0; by exactly the size, CF is the lowest bit', () => {
    for (const [size, code] of [
      [8, 'd2 e0'],
      [16, '66 d3 e0'],
    ] as const) {
      const exact = counted(code, 1n, size);
      expect(exact.reg('rax')).toBe(0n);
      expect(exact.flags).toBe('CF PF ZF OF');
      const more = counted(code, ALL, size + 1);
      expect(more.reg('rax') & ((1n << BigInt(size)) - 1n)).toBe(0n);
      expect(more.flags).toBe('PF ZF');
    }
  });

  it('sets OF when a shift by 1 changes the sign', () => {
    expect(counted('d2 e0', 0x40n, 1).flags).toBe('SF OF');
    expect(counted('d2 e0', 0xc0n, 1).flags).toBe('CF SF');
  });
});

describe('SHR and SAR', () => {
  it('SHR by the size leaves CF as the highest bit, by more leaves CF 0', () => {
    expect(counted('d2 e8', 0x80n, 8).flags).toContain('CF');
    expect(counted('d2 e8', 0x80n, 9).flags).not.toContain('CF');
    expect(counted('d2 e8', 0x80n, 9).reg('rax')).toBe(0n);
  });

  it('SHR by 1 sets OF to the old sign, SAR clears it', () => {
    expect(counted('d2 e8', 0x80n, 1).flags).toBe('OF');
    expect(counted('d2 f8', 0x80n, 1).flags).toBe('PF SF');
  });

  it('SAR by more than the size fills operand and CF with the sign', () => {
    const negative = counted('d2 f8', 0x80n, 31);
    expect(negative.reg('rax')).toBe(0xffn);
    expect(negative.flags).toBe('CF PF SF');
    expect(counted('d2 f8', 0x7fn, 31).flags).toBe('PF ZF');
  });

  it('mask the count to 6 bits with 64-bit operands only', () => {
    expect(counted('48 d3 e8', 1n << 40n, 40).reg('rax')).toBe(1n);
    expect(counted('d3 e8', 0x100n, 40).reg('rax')).toBe(1n);
  });
});

describe('ROL and ROR', () => {
  it('by a multiple of the size move nothing but set CF and OF', () => {
    // rol $8,%al
    const m = run({ code: 'c0 c0 08', rax: 0x81n });
    expect(m.reg('rax')).toBe(0x81n);
    expect(m.flags).toBe('CF');
    expect(run({ code: 'c0 c0 08', rax: 0x01n }).flags).toBe('CF OF');
  });

  it('keep SF ZF AF PF', () => {
    expect(run({ code: 'd0 c8', rax: 1n, flags: 'PF AF ZF' }).flags).toBe('CF PF AF ZF OF');
    expect(run({ code: 'd0 c8', rax: 2n, flags: 'SF' }).flags).toBe('SF');
  });

  it('mask the count before anything else', () => {
    // ror %cl,%eax by 32 is by 0; by 33 is by 1
    expect(counted('d3 c8', ALL - 1n, 32, 'CF OF').flags).toBe('CF OF');
    expect(counted('d3 c8', ALL - 1n, 33).reg('rax')).toBe(0x7fffffffn);
  });
});

describe('RCL and RCR', () => {
  it('rotate through 9 bits: 9 is the identity, and keeps CF', () => {
    // rcl $9,%al; rcr %cl,%al by 9 and 18
    for (const flags of ['', 'CF OF']) {
      const m = run({ code: 'c0 d0 09', rax: 0x5an, flags });
      expect(m.reg('rax')).toBe(0x5an);
      expect(m.flags).toBe(flags);
      for (const count of [9, 18, 27]) expect(counted('d2 d8', 0x5an, count, flags).flags).toBe(flags);
    }
  });

  it('rotate through 17 bits: 17 is the identity, 18 is a rotation by 1', () => {
    // rcl %cl,%ax
    expect(counted('66 d3 d0', 0x8001n, 17, 'CF').reg('rax')).toBe(0x8001n);
    const m = counted('66 d3 d0', 0x8001n, 18, 'CF');
    expect(m.reg('rax')).toBe(0x0003n);
    expect(m.flags).toBe('CF OF');
  });

  it('agree with one bit at a time, at every count and size', () => {
    const sizes = [
      { bits: 8n, prefix: '', opcode: 'd2' },
      { bits: 16n, prefix: '66', opcode: 'd3' },
      { bits: 32n, prefix: '', opcode: 'd3' },
      { bits: 64n, prefix: '48', opcode: 'd3' },
    ];
    const m = machineWith({ code: '90' });
    for (const { bits, prefix, opcode } of sizes) {
      const mask = (1n << bits) - 1n;
      for (let count = 0; count < 64; count++) {
        let [value, carry] = [0xa5c3f00f12345678n & mask, 1n];
        for (let i = 0; i < (count & (bits === 64n ? 63 : 31)); i++) {
          const out = value >> (bits - 1n);
          [value, carry] = [((value << 1n) | carry) & mask, out];
        }
        const rcl = {
          code: `${prefix} ${opcode} d0`,
          rax: 0xa5c3f00f12345678n & mask,
          flags: 'CF',
          rcx: BigInt(count),
        };
        m.load(rcl).step();
        expect([m.reg('rax'), m.flags.includes('CF')], `rcl ${bits} by ${count}`).toEqual([value, carry === 1n]);
        // RCR by the same count leads back.
        const rcr = { code: `${prefix} ${opcode} d8`, rax: value, flags: carry === 1n ? 'CF' : '', rcx: BigInt(count) };
        m.load(rcr).step();
        expect([m.reg('rax'), m.flags.includes('CF')], `rcr ${bits} by ${count}`).toEqual([rcl.rax, true]);
      }
    }
  });

  it('take the incoming CF into the other end', () => {
    // rcr %cl,%rax
    expect(counted('48 d3 d8', 0n, 1, 'CF').reg('rax')).toBe(1n << 63n);
    expect(counted('48 d3 d8', 0n, 63, 'CF').reg('rax')).toBe(2n);
  });
});

describe('SHLD and SHRD', () => {
  it('shift bits in from the second operand and leave it alone', () => {
    // shld %cl,%rbx,%rax; shld $4,%bx,%ax; shrd $1,%ebx,%eax
    const m = run({ code: '48 0f a5 d8', rax: 0x11n, rbx: 0xf000000000000000n, rcx: 4n });
    expect([m.reg('rax'), m.reg('rbx')]).toEqual([0x11fn, 0xf000000000000000n]);
    expect(run({ code: '66 0f a4 d8 04', rax: 0x7771234n, rbx: 0xabcdn }).reg('rax')).toBe(0x777234an);
    expect(run({ code: '0f ac d8 01', rax: ALL, rbx: 0n }).reg('rax')).toBe(0x7fffffffn);
  });

  it('set CF to the last bit shifted out and OF when the sign changed', () => {
    expect(run({ code: '0f ac d8 01', rax: 1n, rbx: 1n }).flags).toBe('CF PF SF OF');
    expect(run({ code: '48 0f a5 d8', rax: 1n << 63n, rbx: 1n << 63n, rcx: 1n }).flags).toBe('CF OF');
  });

  it('by 0 change nothing', () => {
    const m = run({ code: '48 0f a5 d8', rax: 5n, rbx: ALL, rcx: 0x40n, flags: 'CF OF' });
    expect([m.reg('rax'), m.flags]).toEqual([5n, 'CF OF']);
  });
});
