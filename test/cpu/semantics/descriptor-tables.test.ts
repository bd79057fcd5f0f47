import { describe, expect, it } from 'vitest';
import { CR4 } from '../../../src/cpu/cells.js';
import { AT, machineWith, stepper } from '../machine-with.js';

const BASE = 0xfffffe0000001000n;
const table = (limit: bigint, base: bigint) => ({
  [`${AT.data}`]: (limit | (base << 16n)) & 0xffffffffffffffffn,
  [`${AT.data + 8n}`]: base >> 48n,
});
const run = stepper();
// load (%rdi), store (%rsi)
const TABLES = { GDT: ['0f 01 17', '0f 01 06'], IDT: ['0f 01 1f', '0f 01 0e'] } as const;

describe('LGDT, LIDT, SGDT and SIDT', () => {
  it.each(Object.entries(TABLES))('load and store limit and base of the %s register', (_, [load, store]) => {
    const m = run({ code: `${load} ${store}`, rdi: AT.data, rsi: AT.data + 32n, words: table(0xfffn, BASE) });
    expect(m.signals).toBe('serialize');
    expect(m.accesses.map(({ address, size, kind }) => [address - AT.data, size, kind])).toEqual([
      [0n, 2, 'read'],
      [2n, 8, 'read'],
    ]);
    m.step();
    expect([m.read(AT.data + 32n, 2), m.read(AT.data + 34n), m.signals]).toEqual([0xfffn, BASE, '']);
  });

  it('store nothing when the base cannot be stored', () => {
    for (const [, store] of Object.values(TABLES)) {
      const m = machineWith({ code: store, rsi: AT.data + 0x1ffen })
        .with('gdtrLimit', 5n)
        .with('idtrLimit', 5n)
        .step();
      expect([m.exception, m.read(AT.data + 0x1ff8n)]).toEqual(['#PF(3) 20002000', 0n]);
    }
  });

  it('refuse a base that is not canonical, and keep the old one', () => {
    for (const [load] of Object.values(TABLES)) {
      const m = run({ code: load, rdi: AT.data, words: table(0xfffn, 1n << 60n) });
      expect([m.exception, m.signals, m.cell('gdtrLimit'), m.cell('idtrLimit')]).toEqual(['#GP(0)', '', 0n, 0n]);
    }
  });

  it('load in the kernel only; store in the user too unless CR4.UMIP is set', () => {
    for (const [load, store] of Object.values(TABLES)) {
      expect(run({ code: load, rdi: AT.data, cpl: 3 }).exception).toBe('#GP(0)');
      expect(run({ code: store, rsi: AT.data, cpl: 3 }).exception).toBeUndefined();
      const refused = machineWith({ code: store, rsi: AT.data, cpl: 3 }).with('cr4', CR4.umip).step();
      expect([refused.exception, refused.accesses]).toEqual(['#GP(0)', []]);
    }
  });
});

describe('LTR, STR, LLDT and SLDT', () => {
  it('LTR loads the selector of the TSS, serialises, and refuses others', () => {
    expect(run({ code: '0f 00 d8', rax: 0x40n }).signals).toBe('serialize');
    expect(run({ code: '0f 00 d8', rax: 0n }).exception).toBe('#GP(0)');
    expect(run({ code: '0f 00 d8', rax: 0x1bn }).exception).toBe('#GP(24)');
    expect(run({ code: '0f 00 d8', rax: 0x40n, cpl: 3 }).exception).toBe('#GP(0)');
  });

  it('LLDT loads the null selector, for there is no LDT', () => {
    expect(run({ code: '0f 00 17', rdi: AT.data }).signals).toBe('serialize');
    expect(run({ code: '0f 00 d0', rax: 0x48n }).exception).toBe('#GP(72)');
    expect(run({ code: '0f 00 d0', cpl: 3 }).exception).toBe('#GP(0)');
  });

  it('STR and SLDT give the selectors', () => {
    expect(run({ code: '0f 00 c8', rax: -1n & 0xffffffffffffffffn, cpl: 3 }).reg('rax')).toBe(0x40n);
    expect(run({ code: '48 0f 00 c0', rax: 5n }).reg('rax')).toBe(0n);
    for (const code of ['0f 00 c8', '0f 00 c0']) {
      expect(machineWith({ code, cpl: 3 }).with('cr4', CR4.umip).step().exception).toBe('#GP(0)');
    }
  });
});
