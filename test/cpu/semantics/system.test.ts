import { describe, expect, it } from 'vitest';
import { AT, machineWith, stepper } from '../machine-with.js';

const ALL = 0xffffffffffffffffn;
const run = stepper();

describe('HLT', () => {
  it('halts behind itself', () => {
    const m = run({ code: 'f4' });
    expect([m.signals, m.rip]).toEqual(['halt', AT.code + 1n]);
  });

  it('is privileged, and then halts nothing', () => {
    const m = run({ code: 'f4', cpl: 3 });
    expect([m.exception, m.signals, m.rip]).toEqual(['#GP(0)', '', AT.code]);
  });
});

describe('CPUID', () => {
  it('serialises, in the user too, and clears the upper halves', () => {
    const m = run({ code: '0f a2', rax: 0xffffffff00000000n, rbx: ALL, rcx: ALL, rdx: ALL, cpl: 3 });
    expect(m.signals).toBe('serialize');
    const name = (['rbx', 'rdx', 'rcx'] as const).map((register) => {
      const bytes = new Uint8Array(8);
      new DataView(bytes.buffer).setBigUint64(0, m.reg(register), true);
      return String.fromCharCode(...bytes).replaceAll('\0', '');
    });
    expect(name.join('')).toBe('xmcSimulator');
    expect(m.reg('rax')).toBe(7n);
  });

  it('gives the highest basic leaf for a leaf that is not there', () => {
    const leaf = (rax: bigint, rcx = 0n) => {
      const m = run({ code: '0f a2', rax, rcx });
      return (['rax', 'rbx', 'rcx', 'rdx'] as const).map((register) => m.reg(register));
    };
    expect(leaf(7n)[1]).not.toBe(0n);
    for (const absent of [8n, 0x40000000n, 0x80000002n, 0xffffffffn]) expect(leaf(absent)).toEqual(leaf(7n));
    for (const empty of [2n, 3n, 4n, 5n, 6n]) expect(leaf(empty)).toEqual([0n, 0n, 0n, 0n]);
    expect(leaf(7n, 2n)).toEqual([0n, 0n, 0n, 0n]);
    expect(leaf(8n, 1n)).toEqual(leaf(7n, 1n));
    expect(leaf(0x80000000n)[0]).toBe(0x80000001n);
  });
});

describe('what serialises and what orders', () => {
  it('is signalled as such', () => {
    expect(run({ code: '0f 01 e8' }).signals).toBe('serialize');
    expect(run({ code: '0f ae f0' }).signals).toBe('mfence');
    expect(run({ code: '0f ae e8' }).signals).toBe('');
    expect(run({ code: '0f ae f8' }).signals).toBe('');
  });
});

describe('CLAC and STAC', () => {
  it('change AC, and nothing else', () => {
    expect(run({ code: '0f 01 cb', flags: 'CF ZF' }).flags).toBe('CF ZF AC');
    expect(run({ code: '0f 01 ca', flags: 'CF ZF AC' }).flags).toBe('CF ZF');
  });

  it('are #UD in the user', () => {
    for (const code of ['0f 01 cb', '0f 01 ca']) expect(run({ code, cpl: 3 }).exception).toBe('#UD');
  });
});

describe('WAIT', () => {
  it('does nothing, because there is no x87 whose exceptions it could wait for', () => {
    const m = run({ code: '9b', flags: 'CF', cpl: 3 });
    expect([m.exception, m.rip, m.flags]).toEqual([undefined, AT.code + 1n, 'CF']);
  });

  it('is #NM if CR0.MP and CR0.TS are set', () => {
    const [mp, ts] = [1n << 1n, 1n << 3n];
    expect(machineWith({ code: '9b' }).with('cr0', ts).step().exception).toBe('#NM');
    expect(
      machineWith({ code: '9b' })
        .with('cr0', ts | mp)
        .step().exception,
    ).toBeUndefined();
  });
});

describe('PTWRITE', () => {
  it('reads its operand, and writes no packet anywhere', () => {
    // ptwrite (%rdi); ptwriteq (%rdi)
    const m = run({ code: 'f3 0f ae 27', rdi: AT.data, cpl: 3 });
    expect([m.accesses, m.exception]).toEqual([[{ address: AT.data, size: 4, kind: 'read' }], undefined]);
    expect(run({ code: 'f3 48 0f ae 27', rdi: 0x1000n }).exception).toBe('#PF(0) 1000');
    expect(run({ code: 'f3 48 0f ae e0', rax: 1n }).exception).toBeUndefined();
  });
});

describe('what is outside the implemented set', () => {
  it.each([
    ['aesenc %xmm1,%xmm0', '66 0f 38 dc c1'],
    ['vaddps %xmm1,%xmm0,%xmm0', 'c5 f8 58 c1'],
    ['addps %xmm1,%xmm0', '0f 58 c1'],
    ['fld1', 'd9 e8'],
    ['sysretl', '0f 07'],
    ['int $14, whose handler expects an error code', 'cd 0e'],
    ['sysenter', '0f 34'],
  ])('stops with %s and changes nothing', (_, code) => {
    const m = machineWith({ code, rdi: AT.data, flags: 'CF' });
    const before = m.step().committed;
    expect([m.signals, m.exception, m.rip, m.accesses]).toEqual(['unsupported', undefined, AT.code, []]);
    expect(m.wasm.interpreter.executed().bytes).toHaveLength(code.split(' ').length);
    expect(m.step().committed).toEqual(before);
  });
});
