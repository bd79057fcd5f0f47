import { describe, expect, it } from 'vitest';
import { BEGIN, CR4 } from '../../../src/cpu/cells.js';
import { AT, machineWith, stepper } from '../machine-with.js';

const run = stepper();
const CR = { cr0: 0xc0, cr2: 0xd0, cr3: 0xd8, cr4: 0xe0 } as const;
const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
/** MOV to a register from RAX, then MOV from it to RBX. */
const cr = (name: keyof typeof CR): string => `0f 22 ${hex(CR[name])} 0f 20 ${hex(CR[name] + 3)}`;
const dr = (number: number): string => `0f 23 ${hex(0xc0 + 8 * number)} 0f 21 ${hex(0xc3 + 8 * number)}`;
const CR8 = '44 0f 22 c0 44 0f 20 c3';

describe('MOV to and from control registers', () => {
  it.each([
    ['cr0', BEGIN.cr0 | (1n << 3n)],
    ['cr2', 0x123456789abcn],
    ['cr3', 0x123000n],
    ['cr4', (BEGIN.cr4 | CR4.tsd) & ~CR4.fsgsbase],
  ] as const)('keep %s, and serialise when they write', (name, rax) => {
    const m = run({ code: cr(name), rax });
    expect([m.signals, m.exception]).toEqual(['serialize', undefined]);
    expect(m.step().reg('rbx')).toBe(rax);
    expect(m.signals).toBe('');
  });

  it('of CR8 do not serialise', () => {
    const m = run({ code: CR8, rax: 0n, rbx: 1n });
    expect(m.signals).toBe('');
    expect(m.step().reg('rbx')).toBe(0n);
  });

  it('read what Linux has set up, to begin with', () => {
    expect(run({ code: '0f 20 c0' }).reg('rax')).toBe(0x80010033n);
    expect(run({ code: '0f 20 e0' }).reg('rax')).toBe(0x106e8n);
  });

  it.each([
    ['CR0 with an upper half', cr('cr0'), BEGIN.cr0 | (1n << 32n)],
    ['CR0 without PG', cr('cr0'), BEGIN.cr0 & ~(1n << 31n)],
    ['CR0 without PE', cr('cr0'), BEGIN.cr0 & ~1n],
    ['CR0 with NW and without CD', cr('cr0'), BEGIN.cr0 | (1n << 29n)],
    ['CR4 without PAE', cr('cr4'), BEGIN.cr4 & ~(1n << 5n)],
    ['a reserved bit of CR4', cr('cr4'), BEGIN.cr4 | (1n << 15n)],
    ['CR8 above 15', CR8, 16n],
    ['DR6 with an upper half', dr(6), 1n << 32n],
    ['DR7 with an upper half', dr(7), 1n << 32n],
  ])('raise #GP(0) for %s', (_, code, rax) => {
    const m = run({ code, rax });
    expect([m.exception, m.signals, m.rip]).toEqual(['#GP(0)', '', AT.code]);
  });

  it.each([
    ['CR0.WP', cr('cr0'), BEGIN.cr0 & ~(1n << 16n)],
    ['CR0.AM', cr('cr0'), BEGIN.cr0 | (1n << 18n)],
    ['CR4.SMEP', cr('cr4'), BEGIN.cr4 | (1n << 20n)],
    ['a task priority', CR8, 1n],
    ['a breakpoint', dr(7), 0x401n],
    ['general detect', dr(7), 0x2400n],
  ])('stop where %s would change what is simulated', (_, code, rax) => {
    const m = machineWith({ code, rax, flags: 'CF' });
    const before = m.step().committed;
    expect([m.exception, m.signals, m.rip]).toEqual([undefined, 'unsupported', AT.code]);
    expect(m.step().committed).toEqual(before);
  });

  it('are privileged', () => {
    for (const both of [cr('cr0'), cr('cr2'), cr('cr3'), cr('cr4'), CR8, dr(0), dr(6), dr(7)]) {
      const length = both.startsWith('44') ? 12 : 9;
      for (const code of [both.slice(0, length), both.slice(length)]) {
        const m = run({ code, cpl: 3, rax: 0n, rbx: 5n });
        expect([m.exception, m.signals, m.reg('rbx'), m.cell('cr3')]).toEqual(['#GP(0)', '', 5n, 0n]);
      }
    }
  });
});

describe('MOV to and from debug registers', () => {
  it.each([0, 1, 2, 3])('keep DR%i, and serialise when they write', (number) => {
    const m = run({ code: dr(number), rax: 0xffffffff81000000n });
    expect(m.signals).toBe('serialize');
    expect(m.step().reg('rbx')).toBe(0xffffffff81000000n);
  });

  it('leave the fixed bits of DR6 and DR7', () => {
    expect(
      run({ code: dr(6), rax: 0xffffffffn })
        .step()
        .reg('rbx'),
    ).toBe(0xffffefffn);
    expect(
      run({ code: dr(6), rax: 0n })
        .step()
        .reg('rbx'),
    ).toBe(0xffff0ff0n);
    expect(
      run({ code: dr(7), rax: 0n })
        .step()
        .reg('rbx'),
    ).toBe(0x400n);
    expect(
      run({ code: dr(7), rax: 0xf0000300n })
        .step()
        .reg('rbx'),
    ).toBe(0xf0000700n);
  });

  it('are #UD for DR4 and DR5, because CR4.DE is set', () => {
    for (const number of [4, 5]) expect(run({ code: dr(number) }).exception).toBe('#UD');
  });
});

describe('CLTS and SMSW', () => {
  it('CLTS clears CR0.TS, is privileged, and does not serialise', () => {
    const m = machineWith({ code: '0f 06' })
      .with('cr0', 1n << 3n)
      .step();
    expect([m.cell('cr0'), m.signals]).toEqual([0n, '']);
    expect(run({ code: '0f 06', cpl: 3 }).exception).toBe('#GP(0)');
  });

  it('SMSW stores CR0, in memory its low word, in the user too unless CR4.UMIP is set', () => {
    expect(run({ code: '0f 01 e0', cpl: 3 }).reg('rax')).toBe(BEGIN.cr0);
    const m = run({ code: '0f 01 27', rdi: AT.data, words: { [`${AT.data}`]: -1n & 0xffffffffffffffffn } });
    expect(m.read(AT.data)).toBe(0xffffffffffff0033n);
    expect(machineWith({ code: '0f 01 e0', cpl: 3 }).with('cr4', CR4.umip).step().exception).toBe('#GP(0)');
  });
});

describe('LMSW', () => {
  it('sets MP, EM and TS, never clears PE, and leaves the other bits alone', () => {
    const m = machineWith({ code: '0f 01 f0', rax: 0xfff8n }).step();
    expect(BEGIN.cr0 ^ m.cell('cr0')).toBe((BEGIN.cr0 & ~0xfn) | 9n);
    expect(m.signals).toBe('');
    const memory = machineWith({ code: '0f 01 37', rdi: AT.data, words: { [`${AT.data}`]: 6n } }).step();
    expect(BEGIN.cr0 ^ memory.cell('cr0')).toBe((BEGIN.cr0 & ~0xfn) | 7n);
    expect(memory.accesses).toEqual([{ address: AT.data, size: 2, kind: 'read' }]);
  });

  it('is privileged', () => {
    expect(machineWith({ code: '0f 01 f0', cpl: 3 }).step().exception).toBe('#GP(0)');
  });
});
