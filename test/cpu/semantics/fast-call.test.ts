import { describe, expect, it } from 'vitest';
import { BEGIN } from '../../../src/cpu/cells.js';
import { AT, machineWith, NON_CANONICAL, RSP, rflagsOf } from '../machine-with.js';

const ENTRY = 0xffffffff82000000n;
const SCE = 1n;

describe('SYSCALL', () => {
  it('saves RIP and RFLAGS, masks RFLAGS and goes to IA32_LSTAR in the kernel, on the same stack', () => {
    const m = machineWith({ code: '0f 05', cpl: 3, flags: 'CF ZF IF TF DF AC RF' })
      .with('lstar', ENTRY)
      .with('fmask', rflagsOf('CF IF TF DF AC NT'))
      .step();
    expect([m.rip, m.reg('rcx'), m.reg('rsp'), m.cell('cpl')]).toEqual([ENTRY, AT.code + 2n, RSP, 0n]);
    expect(m.reg('r11')).toBe(rflagsOf('CF ZF IF TF DF AC'));
    expect([m.flags, m.signals, m.accesses]).toEqual(['ZF', 'syscall', []]);
  });

  it('is #UD unless IA32_EFER.SCE is set', () => {
    const m = machineWith({ code: '0f 05', cpl: 3 }).with('efer', SCE).step();
    expect([m.exception, m.reg('rcx'), m.cell('cpl')]).toEqual(['#UD', 0n, 3n]);
  });

  it('stops where IA32_STAR has another selector than the kernel’s', () => {
    const m = machineWith({ code: '0f 05', cpl: 3 }).with('star', BEGIN.star).step();
    expect([m.signals, m.rip, m.cell('cpl'), m.reg('r11')]).toEqual(['unsupported', AT.code, 3n, 0n]);
  });
});

describe('SYSRET', () => {
  it('goes to RCX in the user with RFLAGS from R11, and does not serialise', () => {
    const m = machineWith({ code: '48 0f 07', rcx: 0x401000n, r11: 0xffffffffffffffffn, flags: 'CF' }).step();
    expect([m.rip, m.cell('cpl'), m.signals]).toEqual([0x401000n, 3n, 'sysret']);
    expect(m.rflags).toBe(0x3c7fd7n);
    const zero = machineWith({ code: '48 0f 07', rcx: 0x401000n, r11: 0n, flags: 'CF RF AC' }).step();
    expect(zero.flags).toBe('');
  });

  it('raises #GP(0) in the kernel for an RCX that is not canonical, and in the user', () => {
    const m = machineWith({ code: '48 0f 07', rcx: NON_CANONICAL, r11: 0n, flags: 'CF' }).step();
    expect([m.exception, m.cell('cpl'), m.flags, m.rip]).toEqual(['#GP(0)', 0n, 'CF', AT.code]);
    expect(machineWith({ code: '48 0f 07', cpl: 3 }).step().exception).toBe('#GP(0)');
  });

  it('is #UD unless IA32_EFER.SCE is set, and stops where IA32_STAR has another selector than the user’s', () => {
    expect(machineWith({ code: '48 0f 07', cpl: 3 }).with('efer', SCE).step().exception).toBe('#UD');
    expect(machineWith({ code: '48 0f 07' }).with('star', BEGIN.star).step().signals).toBe('unsupported');
  });
  it('with 32-bit operand size stops, once it is not refused: there is no compatibility mode', () => {
    const m = machineWith({ code: '0f 07', rcx: 0x401000n }).step();
    expect([m.signals, m.cell('cpl'), m.rip]).toEqual(['unsupported', 0n, AT.code]);
    expect(machineWith({ code: '0f 07', cpl: 3 }).step().exception).toBe('#GP(0)');
    expect(machineWith({ code: '0f 07', cpl: 3 }).with('efer', SCE).step().exception).toBe('#UD');
  });
});
