import { describe, expect, it } from 'vitest';
import { AT, machineWith, type Setup, stepper } from '../machine-with.js';

const ALL = 0xffffffffffffffffn;
const MIN = 1n << 63n;
const run = stepper();
const carries = (setup: Setup) =>
  run(setup)
    .flags.split(' ')
    .filter((flag) => flag === 'CF' || flag === 'OF');

describe('MUL', () => {
  it('of bytes gives AX and leaves the rest of RAX and RDX', () => {
    const m = run({ code: 'f6 e3', rax: 0x1122ffn, rbx: 0xffn, rdx: 7n });
    expect([m.reg('rax'), m.reg('rdx')]).toEqual([0x11fe01n, 7n]);
  });

  it('of quadwords gives all 128 bits', () => {
    const m = run({ code: '48 f7 e3', rax: ALL, rbx: ALL });
    expect([m.reg('rdx'), m.reg('rax')]).toEqual([ALL - 1n, 1n]);
  });

  it('sets CF and OF when the high half is not 0', () => {
    expect(carries({ code: '48 f7 e3', rax: 1n << 32n, rbx: 1n << 32n })).toEqual(['CF', 'OF']);
    expect(carries({ code: '48 f7 e3', rax: 1n << 32n, rbx: 1n << 31n, flags: 'CF OF' })).toEqual([]);
  });
});

describe('IMUL', () => {
  it('gives a signed double-width product', () => {
    const m = run({ code: 'f7 eb', rax: 0xffffffffn, rbx: 2n, rdx: ALL });
    expect([m.reg('rdx'), m.reg('rax')]).toEqual([0xffffffffn, 0xfffffffen]);
    expect(run({ code: 'f6 eb', rax: 0x80n, rbx: 0x80n }).reg('rax')).toBe(0x4000n);
  });

  it('sets CF and OF when the product does not fit', () => {
    expect(carries({ code: '0f af c3', rax: 0x10000n, rbx: 0x8000n })).toEqual(['CF', 'OF']);
    expect(carries({ code: '0f af c3', rax: 0x10000n, rbx: 0xffff8000n })).toEqual([]);
    expect(carries({ code: 'f7 eb', rax: 0xffffffffn, rbx: 0xffffffffn, flags: 'CF OF' })).toEqual([]);
  });

  it('with three operands multiplies the second by the third', () => {
    // imul $-3,%ebx,%eax
    expect(run({ code: '6b c3 fd', rax: 99n, rbx: 5n }).reg('rax')).toBe(0xfffffff1n);
  });

  it('agrees with wide arithmetic on the corners of 64 bits', () => {
    const m = machineWith({ code: '90' });
    const corners = [0n, 1n, 2n, 0xffffffffn, 0x100000000n, MIN - 1n, MIN, MIN + 1n, ALL - 1n, ALL];
    for (const a of corners) {
      for (const b of corners) {
        const signed = BigInt.asUintN(128, BigInt.asIntN(64, a) * BigInt.asIntN(64, b));
        m.load({ code: '48 f7 eb', rax: a, rbx: b }).step();
        expect((m.reg('rdx') << 64n) | m.reg('rax'), `imul ${a} ${b}`).toBe(signed);
        m.load({ code: '48 f7 e3', rax: a, rbx: b }).step();
        expect((m.reg('rdx') << 64n) | m.reg('rax'), `mul ${a} ${b}`).toBe(a * b);
      }
    }
  });
});

describe('DIV and IDIV', () => {
  it('truncate towards 0, with the sign of the dividend in the remainder', () => {
    const m = run({ code: '48 f7 fb', rax: ALL - 6n, rdx: ALL, rbx: 2n });
    expect([BigInt.asIntN(64, m.reg('rax')), BigInt.asIntN(64, m.reg('rdx'))]).toEqual([-3n, -1n]);
  });

  it('take a 128-bit dividend', () => {
    const m = run({ code: '48 f7 f3', rdx: 0x1234n, rax: 5n, rbx: 0x10000n });
    expect([m.reg('rax'), m.reg('rdx')]).toEqual([0x1234000000000000n, 5n]);
  });

  it('of bytes take AX and give AL and AH', () => {
    expect(run({ code: 'f6 f3', rax: 0xff000105n, rbx: 0x10n }).reg('rax')).toBe(0xff000510n);
    expect(run({ code: 'f6 fb', rax: 0xfff9n, rbx: 2n }).reg('rax')).toBe(0xfffdn);
  });

  it.each([
    ['by 0', { code: '48 f7 f3', rax: 1n, rdx: 0n, rbx: 0n }],
    ['when the quotient is one too large', { code: '48 f7 f3', rax: 0n, rdx: 1n, rbx: 1n }],
    ['when a byte quotient does not fit', { code: 'f6 f3', rax: 0x100n, rbx: 1n }],
    ['when a signed byte quotient does not fit', { code: 'f6 fb', rax: 0x80n, rbx: 1n }],
    ['when a 32-bit quotient does not fit', { code: 'f7 f3', rax: 0n, rdx: 2n, rbx: 2n }],
    ['of the most negative number by -1', { code: '48 f7 fb', rax: MIN, rdx: ALL, rbx: ALL }],
    [
      'of the most negative 32-bit number by -1',
      { code: 'f7 fb', rax: 0x80000000n, rdx: 0xffffffffn, rbx: 0xffffffffn },
    ],
    ['in memory by 0', { code: 'f7 37', rax: 1n, rdi: AT.data }],
  ] as const)('raise #DE and commit nothing %s', (_, setup) => {
    const m = machineWith({ ...setup, flags: 'CF ZF' });
    m.step();
    expect(m.exception).toBe('#DE');
    expect(m.rip).toBe(AT.code);
    expect(m.flags).toBe('CF ZF');
    expect([m.reg('rax'), m.reg('rdx')]).toEqual([setup.rax, 'rdx' in setup ? setup.rdx : 0n]);
  });

  it('agree with wide arithmetic on the corners', () => {
    const m = machineWith({ code: '90' });
    const corners = [0n, 1n, 2n, 3n, MIN - 1n, MIN, MIN + 1n, ALL - 1n, ALL];
    for (const high of corners) {
      for (const low of corners) {
        for (const by of corners) {
          const dividend = BigInt.asIntN(128, (high << 64n) | low);
          const divisor = BigInt.asIntN(64, by);
          m.load({ code: '48 f7 fb', rdx: high, rax: low, rbx: by }).step();
          const quotient = divisor === 0n ? MIN : dividend / divisor;
          const title = `${dividend} / ${divisor}`;
          if (BigInt.asIntN(64, quotient) !== quotient || divisor === 0n) {
            expect(m.exception, title).toBe('#DE');
            continue;
          }
          expect(m.exception, title).toBeUndefined();
          expect(m.reg('rax'), title).toBe(BigInt.asUintN(64, quotient));
          expect(m.reg('rdx'), title).toBe(BigInt.asUintN(64, dividend % divisor));
        }
      }
    }
  });
});
