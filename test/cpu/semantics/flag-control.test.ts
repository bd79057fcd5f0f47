import { describe, expect, it } from 'vitest';
import { AT, machineWith, stepper } from '../machine-with.js';

const run = stepper();
const STATUS = 'CF PF AF ZF SF OF';

describe('STI and CLI', () => {
  it('STI opens a shadow when IF was 0, for one instruction', () => {
    // sti; nop; nop
    const m = run({ code: 'fb 90 90' });
    expect([m.flags, m.wasm.cpu.shadowed]).toEqual(['IF', true]);
    expect(m.step().wasm.cpu.shadowed).toBe(false);
  });

  it('STI opens no shadow when IF was 1 already', () => {
    expect(run({ code: 'fb', flags: 'IF' }).wasm.cpu.shadowed).toBe(false);
  });

  it('a second STI does not prolong the shadow', () => {
    expect(machineWith({ code: 'fb fb' }).step(2).wasm.cpu.shadowed).toBe(false);
  });

  it('an instruction that faults ends the shadow too', () => {
    // sti; mov (%rax),%rbx
    expect(machineWith({ code: 'fb 48 8b 18', rax: 0x1000n }).step(2).wasm.cpu.shadowed).toBe(false);
  });

  it('CLI takes IF away at once', () => {
    expect(run({ code: 'fa', flags: 'IF CF' }).flags).toBe('CF');
  });

  it.each(['fa', 'fb'])('need CPL <= IOPL (%s)', (code) => {
    const m = run({ code, cpl: 3, flags: 'CF' });
    expect(m.exception).toBe('#GP(0)');
    expect([m.rip, m.flags, m.wasm.cpu.shadowed]).toEqual([AT.code, 'CF', false]);
    expect(run({ code, cpl: 3, iopl: 3 }).exception).toBeUndefined();
  });
});

describe('CLC STC CMC CLD STD', () => {
  it('change their flag only', () => {
    expect(run({ code: 'f8', flags: STATUS }).flags).toBe('PF AF ZF SF OF');
    expect(run({ code: 'f9', flags: 'OF' }).flags).toBe('CF OF');
    expect(run({ code: 'f5', flags: STATUS }).flags).toBe('PF AF ZF SF OF');
    expect(run({ code: 'f5', flags: 'ZF' }).flags).toBe('CF ZF');
    expect(run({ code: 'fd', flags: 'IF CF' }).flags).toBe('CF IF DF');
    expect(run({ code: 'fc', flags: 'DF SF' }).flags).toBe('SF');
  });
});

describe('LAHF and SAHF', () => {
  it('LAHF reads the five low flags and the fixed bit into AH', () => {
    expect(run({ code: '9f', rax: 0xffffffffffff0055n, flags: STATUS }).reg('rax')).toBe(0xffffffffffffd755n);
    expect(run({ code: '9f', rax: 0n, flags: 'OF' }).reg('rax')).toBe(0x200n);
  });

  it('SAHF writes them and keeps OF', () => {
    expect(run({ code: '9e', rax: 0xff00n }).flags).toBe('CF PF AF ZF SF');
    expect(run({ code: '9e', rax: 0n, flags: `${STATUS} IF` }).flags).toBe('IF OF');
  });
});
