import { describe, expect, it } from 'vitest';
import { BEGIN } from '../../../src/cpu/cells.js';
import { MSR } from '../../../src/cpu/semantics/msr.js';
import { AT, stepper } from '../machine-with.js';

const HIGH = 0xabcdef0100000000n;
const run = stepper();
/** WRMSR, then RDMSR of the same register; upper halves of EAX, EDX and ECX hold what must not matter. */
const write = (number: number, value: bigint) =>
  run({
    code: '0f 30 0f 32',
    rcx: HIGH | BigInt(number),
    rax: HIGH | (value & 0xffffffffn),
    rdx: HIGH | (value >> 32n),
  });

describe('WRMSR and RDMSR', () => {
  it.each(Object.entries(MSR).filter(([name]) => name !== 'efer'))('keep %s, and WRMSR serialises', (_, number) => {
    const value = 0x7ffffff1n;
    const m = write(number, value);
    expect([m.signals, m.exception]).toEqual(['serialize', undefined]);
    m.step();
    expect([m.reg('rax'), m.reg('rdx'), m.signals]).toEqual([value, 0n, '']);
  });

  it.each(['lstar', 'fsBase', 'gsBase', 'kernelGsBase'] as const)(
    'keep 64 bits of %s, if they are canonical',
    (name) => {
      const m = write(MSR[name], 0xffff888000000010n);
      expect(m.cell(name)).toBe(0xffff888000000010n);
      m.step();
      expect([m.reg('rax'), m.reg('rdx')]).toEqual([0x10n, 0xffff8880n]);
      const refused = write(MSR[name], 1n << 47n);
      expect([refused.exception, refused.cell(name), refused.rip]).toEqual(['#GP(0)', 0n, AT.code]);
    },
  );

  it.each(['fmask', 'tscAux'] as const)('refuse more than 32 bits of %s', (name) => {
    expect(write(MSR[name], 1n << 32n).exception).toBe('#GP(0)');
  });

  it('of IA32_EFER change SCE, leave LMA, and refuse reserved bits and LME', () => {
    const m = write(MSR.efer, BEGIN.efer & ~0x401n);
    expect(m.signals).toBe('serialize');
    m.step();
    expect(m.reg('rax')).toBe(0xd00n);
    expect(write(MSR.efer, BEGIN.efer | 2n).exception).toBe('#GP(0)');
    expect(write(MSR.efer, BEGIN.efer & ~0x100n).exception).toBe('#GP(0)');
    const nxe = write(MSR.efer, BEGIN.efer & ~0x800n);
    expect([nxe.signals, nxe.cell('efer')]).toEqual(['unsupported', 0n]);
  });

  it('begin as Linux leaves IA32_EFER and IA32_STAR', () => {
    const read = (number: number) => {
      const m = run({ code: '0f 32', rcx: BigInt(number) });
      return (m.reg('rdx') << 32n) | m.reg('rax');
    };
    expect(read(MSR.efer)).toBe(0xd01n);
    expect(read(MSR.star)).toBe(0x0023001000000000n);
  });

  it('raise #GP(0) for a register that does not exist, and in the user', () => {
    for (const code of ['0f 30', '0f 32']) {
      expect(run({ code, rcx: 0x48n, rax: 1n }).exception).toBe('#GP(0)');
      expect(run({ code, rcx: BigInt(MSR.gsBase), rax: 1n, cpl: 3 }).exception).toBe('#GP(0)');
    }
  });
});

describe('IA32_UMWAIT_CONTROL', () => {
  it('has a reserved bit 1, and 32 bits', () => {
    for (const value of [2n, 0x100000000n]) expect(write(MSR.umwaitControl, value).exception).toBe('#GP(0)');
    expect(write(MSR.umwaitControl, 0x186a1n).cell('umwaitControl')).toBe(0x186a1n);
  });
});

describe('WRMSRNS', () => {
  it('writes as WRMSR does, and does not serialise', () => {
    const m = run({ code: '0f 01 c6', rcx: HIGH | BigInt(MSR.lstar), rax: 5n, rdx: HIGH });
    expect([m.cell('lstar'), m.signals, m.exception]).toEqual([5n, '', undefined]);
    expect(run({ code: '0f 01 c6', rcx: 0x12345n }).exception).toBe('#GP(0)');
    expect(run({ code: '0f 01 c6', rcx: BigInt(MSR.lstar), cpl: 3 }).exception).toBe('#GP(0)');
  });
});
