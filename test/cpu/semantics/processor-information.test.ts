import { describe, expect, it } from 'vitest';
import { BEGIN, CR4 } from '../../../src/cpu/cells.js';
import { machineWith, stepper } from '../machine-with.js';

const ALL = 0xffffffffffffffffn;
const TSD = { cr4: CR4.tsd };
const run = stepper();

describe('RDTSC and RDTSCP', () => {
  it('give the counter that WRMSR set, which stands still', () => {
    for (const code of ['0f 31', '0f 01 f9']) {
      const m = machineWith({ code, rax: ALL, rdx: ALL, rcx: ALL }).with('tsc', 0x123456789n).with('tscAux', 5n).step();
      expect([m.reg('rax'), m.reg('rdx'), m.signals]).toEqual([0x23456789n, 1n, '']);
      expect(m.reg('rcx')).toBe(code === '0f 31' ? ALL : 5n);
    }
  });

  it('are #GP in the user if CR4.TSD is set, and only there', () => {
    for (const code of ['0f 31', '0f 01 f9']) {
      expect(machineWith({ code, cpl: 3 }).with('cr4', TSD.cr4).step().exception).toBe('#GP(0)');
      expect(machineWith({ code, cpl: 0 }).with('cr4', TSD.cr4).step().exception).toBeUndefined();
      expect(machineWith({ code, cpl: 3 }).step().exception).toBeUndefined();
    }
    expect(BEGIN.cr4 & CR4.tsd).toBe(0n);
  });

  it('RDPID gives IA32_TSC_AUX alone', () => {
    const m = machineWith({ code: 'f3 0f c7 f9', rcx: ALL, cpl: 3 }).with('tscAux', 7n).step();
    expect([m.reg('rcx'), m.exception]).toEqual([7n, undefined]);
  });
});

describe('RDRAND and RDSEED without a seed', () => {
  it('succeed with CF alone, at each size', () => {
    for (const code of ['0f c7 f0', '0f c7 f8']) {
      const m = run({ code: `48 ${code}`, flags: 'ZF SF OF AF PF', cpl: 3 });
      expect([m.flags, m.reg('rax')]).toEqual(['CF', 0x9e3779b97f4a7c15n]);
      expect(run({ code, rax: ALL }).reg('rax')).toBe(0x7f4a7c15n);
      expect(run({ code: `66 ${code}`, rax: 0n }).reg('rax')).toBe(0x7c15n);
    }
  });
});

describe('RDRAND and RDSEED of a machine with a seed', () => {
  const numbers = (seed: bigint, code: string, count: number) => {
    const m = machineWith({ code: code.repeat(count) }).with('random', seed);
    return Array.from({ length: count }, () => m.step().reg('rax'));
  };

  it('give one sequence, which depends on the seed', () => {
    const sequence = numbers(1n, '480fc7f0', 20);
    expect(new Set(sequence).size).toBe(20);
    expect(numbers(1n, '480fc7f8', 20)).toEqual(sequence);
    expect(numbers(1n, '480fc7f0480fc7f8', 20).slice(0, 20)).toEqual(sequence);
    expect(numbers(2n, '480fc7f0', 20).some((number) => sequence.includes(number))).toBe(false);
  });

  it('have bits that are set about as often as not', () => {
    const sequence = numbers(5n, '480fc7f0', 400);
    for (let bit = 0n; bit < 64n; bit++) {
      const set = sequence.filter((number) => ((number >> bit) & 1n) === 1n).length;
      expect(Math.abs(set - 200)).toBeLessThan(60);
    }
  });
});

describe('RDPMC', () => {
  it('is #GP(0) whatever ECX says: there is no counter', () => {
    for (const cpl of [0, 3] as const) expect(run({ code: '0f 33', rcx: 0x40000001n, cpl }).exception).toBe('#GP(0)');
  });
});
