import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CpuState } from '../../src/cpu/cpu-state.js';
import { lazyFlagsOf, RFLAGS, STATUS_FLAGS, statusFlagsOf, statusFlagsOfHalves } from '../../src/cpu/flags.js';
import { LinearMemory } from '../../src/memory/linear-memory.js';
import { machineWith } from './machine-with.js';

const BITS = [0n, 2n, 4n, 6n, 7n, 11n];
const combinations = Array.from({ length: 64 }, (_, n) =>
  BITS.reduce((flags, bit, i) => flags | (BigInt((n >> i) & 1) << bit), 0n),
);
const u64 = fc.bigInt({ min: 0n, max: 0xffffffffffffffffn });

describe('lazy flags', () => {
  it('can mean every combination of the six status flags', () => {
    for (const flags of combinations) {
      const { result, carries } = lazyFlagsOf(flags);
      expect(statusFlagsOf(result, carries)).toBe(flags);
    }
  });

  it('mean the same by halves', () => {
    fc.assert(
      fc.property(u64, u64, (result, carries) => {
        const halves = [result, result >> 32n, carries, carries >> 32n].map((word) => Number(BigInt.asIntN(32, word)));
        const [resultLow = 0, resultHigh = 0, carriesLow = 0, carriesHigh = 0] = halves;
        const flags = statusFlagsOfHalves(resultLow, resultHigh, carriesLow, carriesHigh);
        expect(BigInt(flags)).toBe(statusFlagsOf(result, carries));
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('are never more than the six', () => {
    fc.assert(
      fc.property(u64, u64, (result, carries) => {
        expect(statusFlagsOf(result, carries) & ~STATUS_FLAGS).toBe(0n);
      }),
      { seed: 2 },
    );
  });

  it('of additions and subtractions are what the definitions of the flags say, at every size', () => {
    const m = machineWith({ code: '90' });
    const sizes = [
      { bits: 8n, add: '00 d8', sub: '28 d8', adc: '10 d8', sbb: '18 d8' },
      { bits: 16n, add: '66 01 d8', sub: '66 29 d8', adc: '66 11 d8', sbb: '66 19 d8' },
      { bits: 32n, add: '01 d8', sub: '29 d8', adc: '11 d8', sbb: '19 d8' },
      { bits: 64n, add: '48 01 d8', sub: '48 29 d8', adc: '48 11 d8', sbb: '48 19 d8' },
    ];
    fc.assert(
      fc.property(fc.constantFrom(...sizes), u64, u64, fc.boolean(), ({ bits, ...code }, x, y, carry) => {
        const [a, b] = [BigInt.asUintN(Number(bits), x), BigInt.asUintN(Number(bits), y)];
        const set = { rax: a, rbx: b, flags: carry ? 'CF' : '' };
        const c = carry ? 1n : 0n;
        const cases = [
          [code.add, a + b, (a & 15n) + (b & 15n) > 15n, signed(a, bits) + signed(b, bits)],
          [code.adc, a + b + c, (a & 15n) + (b & 15n) + c > 15n, signed(a, bits) + signed(b, bits) + c],
          [code.sub, a - b, (a & 15n) < (b & 15n), signed(a, bits) - signed(b, bits)],
          [code.sbb, a - b - c, (a & 15n) < (b & 15n) + c, signed(a, bits) - signed(b, bits) - c],
        ] as const;
        for (const [bytes, unsignedResult, adjust, signedResult] of cases) {
          m.load({ code: bytes, ...set }).step();
          const wanted = flagsOf(unsignedResult, bits, adjust, signedResult);
          expect(m.rflags & STATUS_FLAGS, bytes).toBe(wanted);
        }
      }),
      { seed: 3, numRuns: 150 },
    );
  });
});

const signed = (value: bigint, bits: bigint): bigint => BigInt.asIntN(Number(bits), value);

/** CF PF AF ZF SF OF of an exact result. */
function flagsOf(result: bigint, bits: bigint, adjust: boolean, signedResult: bigint): bigint {
  const cut = BigInt.asUintN(Number(bits), result);
  const ones = (cut & 0xffn).toString(2).replaceAll('0', '').length;
  return (
    (cut !== result ? RFLAGS.cf : 0n) |
    (ones % 2 === 0 ? RFLAGS.pf : 0n) |
    (adjust ? RFLAGS.af : 0n) |
    (cut === 0n ? RFLAGS.zf : 0n) |
    (cut >> (bits - 1n) !== 0n ? RFLAGS.sf : 0n) |
    (signed(signedResult, bits) !== signedResult ? RFLAGS.of : 0n)
  );
}

describe('the state of a CPU', () => {
  it('gives back RFLAGS as they were set, with the fixed bit', () => {
    const state = new CpuState(new LinearMemory(0x10000), 2);
    for (const flags of combinations) {
      state.rflags = flags | RFLAGS.if | RFLAGS.id;
      expect(state.rflags).toBe(flags | RFLAGS.if | RFLAGS.id | RFLAGS.fixed);
    }
    state.setInterruptsEnabled(false);
    expect([state.interruptsEnabled, state.rflags & RFLAGS.if]).toEqual([false, 0n]);
    state.setInterruptsEnabled(true);
    expect(state.interruptsEnabled).toBe(true);
  });

  it('is its own for every CPU', () => {
    const memory = new LinearMemory(0x10000);
    const states = Array.from({ length: 8 }, (_, cpu) => new CpuState(memory, cpu));
    for (const state of states) {
      state.reset();
      state.rip = 0x1000n + BigInt(state.cpu);
      state.setGpr('r15', BigInt(state.cpu));
      state.halted = state.cpu === 3;
    }
    expect(states.map((state) => [state.rip, state.gpr('r15'), state.halted])).toEqual(
      states.map(({ cpu }) => [0x1000n + BigInt(cpu), BigInt(cpu), cpu === 3]),
    );
  });

  it('is all 0 after a reset, but for the fixed bit of RFLAGS', () => {
    const state = new CpuState(new LinearMemory(0x10000), 0);
    state.rip = 5n;
    state.setGpr('rdi', 7n);
    state.rflags = 0xffn;
    state.setCell('cr3', 9n);
    state.reset();
    expect([state.rip, state.gpr('rdi'), state.rflags, state.cell('cr3')]).toEqual([0n, 0n, 2n, 0n]);
  });
});
