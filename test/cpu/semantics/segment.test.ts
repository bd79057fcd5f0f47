import { describe, expect, it } from 'vitest';
import { CR4 } from '../../../src/cpu/cells.js';
import { AT, machineWith, NON_CANONICAL, RSP, stepper } from '../machine-with.js';

const ALL = 0xffffffffffffffffn;
const KERNEL = 0xffff888000000000n;
const run = stepper();

describe('SWAPGS', () => {
  it('exchanges the base of GS with IA32_KERNEL_GS_BASE, and does not serialise', () => {
    const m = machineWith({ code: '0f 01 f8', gsBase: 5n, fsBase: 7n }).with('kernelGsBase', KERNEL).step();
    expect([m.cell('gsBase'), m.cell('kernelGsBase'), m.cell('fsBase')]).toEqual([KERNEL, 5n, 7n]);
    expect(m.signals).toBe('');
  });

  it('is privileged', () => {
    const m = machineWith({ code: '0f 01 f8', cpl: 3, gsBase: 5n }).with('kernelGsBase', KERNEL).step();
    expect([m.exception, m.cell('gsBase')]).toEqual(['#GP(0)', 5n]);
  });
});

describe('RDFSBASE, RDGSBASE, WRFSBASE and WRGSBASE', () => {
  it('read and write the bases in the user', () => {
    expect(run({ code: 'f3 48 0f ae c0', fsBase: KERNEL, cpl: 3 }).reg('rax')).toBe(KERNEL);
    expect(run({ code: 'f3 0f ae c8', gsBase: KERNEL + 6n, rax: ALL, cpl: 3 }).reg('rax')).toBe(6n);
    expect(run({ code: 'f3 48 0f ae d0', rax: KERNEL, cpl: 3 }).cell('fsBase')).toBe(KERNEL);
    expect(run({ code: 'f3 0f ae d8', rax: KERNEL + 6n, cpl: 3 }).cell('gsBase')).toBe(6n);
  });

  it('raise #GP(0) for a base that is not canonical, and #UD unless CR4.FSGSBASE is set', () => {
    for (const code of ['f3 48 0f ae d0', 'f3 48 0f ae d8']) {
      const m = run({ code, rax: NON_CANONICAL, fsBase: 1n, gsBase: 1n });
      expect([m.exception, m.cell('fsBase'), m.cell('gsBase')]).toEqual(['#GP(0)', 1n, 1n]);
    }
    for (const code of ['f3 48 0f ae c0', 'f3 48 0f ae c8', 'f3 48 0f ae d0', 'f3 48 0f ae d8']) {
      expect(machineWith({ code }).with('cr4', CR4.fsgsbase).step().exception).toBe('#UD');
    }
  });
});

describe('MOV to DS, ES, FS and GS', () => {
  // mov %eax, to a register; mov it to %ebx
  const moves = { ds: '8e d8 8c db', es: '8e c0 8c c3', fs: '8e e0 8c e3', gs: '8e e8 8c eb' };

  it.each(Object.entries(moves))('of %s keep the selector', (_, code) => {
    for (const selector of [0n, 3n, 0x18n, 0x2bn, 0x33n, 0x10n]) {
      expect(run({ code, rax: selector, rbx: ALL }).step().reg('rbx')).toBe(selector);
    }
  });

  it.each(Object.entries(moves))('of %s refuse what may not be read at this privilege level', (_, code) => {
    for (const selector of [0x1bn, 0x13n, 0x40n, 0x2fn, 0x1234n]) {
      expect(run({ code, rax: selector }).exception).toBe(`#GP(${selector & 0xfffcn})`);
    }
    for (const selector of [0x18n, 0x10n])
      expect(run({ code, rax: selector, cpl: 3 }).exception).toBe(`#GP(${selector})`);
    for (const selector of [0n, 0x2bn, 0x28n, 0x33n])
      expect(run({ code, rax: selector, cpl: 3 }).exception).toBeUndefined();
  });

  it('of FS and GS make their base 0, those of DS and ES none', () => {
    const bases = (code: string) => {
      const m = run({ code, rax: 0x2bn, fsBase: 5n, gsBase: 6n });
      return [m.cell('fsBase'), m.cell('gsBase')];
    };
    expect(bases(moves.ds)).toEqual([5n, 6n]);
    expect(bases(moves.es)).toEqual([5n, 6n]);
    expect(bases(moves.fs)).toEqual([0n, 6n]);
    expect(bases(moves.gs)).toEqual([5n, 0n]);
  });

  it('read and write 16 bits of memory', () => {
    // mov (%rdi),%ds; mov %ds,(%rsi)
    const m = run({ code: '8e 1f 8c 1e', rdi: AT.data, rsi: AT.data + 8n, words: { [`${AT.data}`]: 0xffff002bn } });
    expect(m.step().read(AT.data + 8n)).toBe(0x2bn);
    expect(m.accesses).toEqual([{ address: AT.data + 8n, size: 2, kind: 'write' }]);
  });
});

describe('MOV to SS', () => {
  // mov %eax,%ss
  const load = (rax: bigint, cpl: 0 | 3) => run({ code: '8e d0', rax, cpl });

  it('loads the data selector of the privilege level, and null in the kernel, and holds interrupts', () => {
    for (const [selector, cpl] of [
      [0x18n, 0],
      [0n, 0],
      [0x2bn, 3],
    ] as const) {
      const m = load(selector, cpl);
      expect([m.exception, m.cell('shadow')]).toEqual([undefined, 2n]);
    }
  });

  it('raises #GP(selector) for any other', () => {
    for (const selector of [3n, 0x1bn, 0x2bn, 0x10n])
      expect(load(selector, 0).exception).toBe(`#GP(${selector & 0xfffcn})`);
    for (const selector of [0n, 3n, 0x18n, 0x28n, 0x33n, 0x1234n])
      expect(load(selector, 3).exception).toBe(`#GP(${selector & 0xfffcn})`);
  });

  it('reads memory before it judges the selector, in the user too', () => {
    // mov (%rdi),%ss: recorded on a CPU
    expect(run({ code: '8e 17', rdi: 0x1000n, cpl: 3 }).exception).toBe('#PF(4) 1000');
  });
});

describe('MOV from CS and SS', () => {
  it('gives the selectors of the privilege level', () => {
    expect(run({ code: '8c c8', rax: ALL }).reg('rax')).toBe(0x10n);
    expect(run({ code: '8c d0', cpl: 3 }).reg('rax')).toBe(0x2bn);
    expect(run({ code: '66 8c c8', rax: ALL, cpl: 3 }).reg('rax')).toBe(0xffffffffffff0033n);
  });
});

describe('PUSH and POP of FS and GS', () => {
  it('push the selector, zero-extended', () => {
    const m = machineWith({ code: '0f a0', words: { [`${RSP - 8n}`]: ALL } })
      .with('selectors', 0x2bn << 32n)
      .step();
    expect([m.read(RSP - 8n), m.reg('rsp')]).toEqual([0x2bn, RSP - 8n]);
    expect(run({ code: '66 0f a8' }).reg('rsp')).toBe(RSP - 2n);
  });

  it('pop a selector as MOV loads it', () => {
    const m = run({ code: '0f a9 8c e8', gsBase: 5n, words: { [`${RSP}`]: 0xabcd002bn } });
    expect([m.reg('rsp'), m.cell('gsBase'), m.step().reg('rax')]).toEqual([RSP + 8n, 0n, 0x2bn]);
    const refused = run({ code: '0f a1', words: { [`${RSP}`]: 0x1bn } });
    expect([refused.exception, refused.reg('rsp'), refused.cell('selectors')]).toEqual(['#GP(24)', RSP, 0n]);
  });
});

describe('LFS, LGS and LSS', () => {
  const pointer = (low: bigint, high = 0n) => ({
    rdi: AT.data,
    words: { [`${AT.data}`]: low, [`${AT.data + 8n}`]: high },
  });

  it('load an offset of each size, and the selector behind it', () => {
    // lfs (%rdi),%ax; lgs (%rdi),%eax; lgs (%rdi),%rax
    const word = machineWith({ code: '66 0f b4 07', rax: ALL, fsBase: 5n, ...pointer(0x002b1234n) }).step();
    expect([word.reg('rax'), word.cell('fsBase'), word.cell('selectors')]).toEqual([
      0xffffffffffff1234n,
      0n,
      0x2bn << 32n,
    ]);
    const long = run({ code: '0f b5 07', rax: ALL, gsBase: 5n, ...pointer(0x33_12345678n) });
    expect([long.reg('rax'), long.cell('gsBase'), long.cell('selectors')]).toEqual([0x12345678n, 0n, 0x33n << 48n]);
    const quad = run({ code: '48 0f b5 07', ...pointer(ALL - 1n, 0x18n) });
    expect([quad.reg('rax'), quad.cell('selectors')]).toEqual([ALL - 1n, 0x18n << 48n]);
    expect(quad.accesses).toEqual([
      { address: AT.data, size: 8, kind: 'read' },
      { address: AT.data + 8n, size: 2, kind: 'read' },
    ]);
  });

  it('leave all as it was when the selector is refused', () => {
    for (const code of ['0f b4 07', '0f b5 07', '0f b2 07']) {
      const m = run({ code, rax: 1n, fsBase: 5n, gsBase: 6n, ...pointer(0x40_00000000n) });
      expect([m.exception, m.reg('rax'), m.cell('fsBase'), m.cell('gsBase')]).toEqual(['#GP(64)', 1n, 5n, 6n]);
    }
  });

  it('of SS take the data segment of the privilege level, and make no shadow', () => {
    const kernel = run({ code: '0f b2 27', ...pointer(0x18_30000100n) });
    expect([kernel.reg('rsp'), kernel.exception, kernel.cell('shadow')]).toEqual([0x30000100n, undefined, 0n]);
    expect(run({ code: '0f b2 27', ...pointer(0x2b_00000000n) }).exception).toBe('#GP(40)');
    expect(run({ code: '0f b2 27', cpl: 3, ...pointer(0x2b_00000000n) }).exception).toBeUndefined();
    expect(run({ code: '0f b2 27', cpl: 3, ...pointer(0n) }).exception).toBe('#GP(0)');
  });
});

describe('MOV to SS', () => {
  it('takes the data segment of the privilege level; in the kernel null, too', () => {
    for (const [selector, cpl, exception] of [
      [0x18n, 0, undefined],
      [0n, 0, undefined],
      [0x10n, 0, '#GP(16)'],
      [0x2bn, 0, '#GP(40)'],
      [0x2bn, 3, undefined],
      [0x18n, 3, '#GP(24)'],
      [0n, 3, '#GP(0)'],
    ] as const) {
      const m = run({ code: '8e d0', rax: selector, cpl });
      expect([m.exception, m.cell('shadow')]).toEqual([exception, exception === undefined ? 2n : 0n]);
    }
  });
});
