import { describe, expect, it } from 'vitest';
import { AT, NON_CANONICAL, stepper } from '../machine-with.js';

const run = stepper();
const NOWHERE = AT.data + 0x10000n;

describe('CLFLUSH, CLFLUSHOPT and CLWB', () => {
  it.each([
    ['clflush', '0f ae 3f'],
    ['clflushopt', '66 0f ae 3f'],
    ['clwb', '66 0f ae 37'],
  ])('%s faults as a load of the byte does, and changes nothing', (_, code) => {
    const m = run({ code, rdi: AT.readonly, cpl: 3 });
    expect([m.exception, m.signals]).toEqual([undefined, '']);
    expect(m.accesses).toEqual([{ address: AT.readonly, size: 1, kind: 'read' }]);
    expect(run({ code, rdi: NOWHERE }).exception).toBe('#PF(0) 20010000');
    expect(run({ code, rdi: NON_CANONICAL }).exception).toBe('#GP(0)');
  });
});

describe('INVD, WBINVD, WBNOINVD and INVLPG', () => {
  it('are privileged; all but WBNOINVD serialise', () => {
    for (const [code, signals] of [
      ['0f 08', 'serialize'],
      ['0f 09', 'serialize'],
      ['f3 0f 09', ''],
      ['0f 01 3f', 'serialize'],
    ] as const) {
      expect(run({ code, rdi: NON_CANONICAL })).toMatchObject({ signals, exception: undefined, accesses: [] });
      expect(run({ code, cpl: 3 })).toMatchObject({ signals: '', exception: '#GP(0)' });
    }
  });
});

describe('INVPCID', () => {
  const invpcid = (type: bigint, pcid: bigint, address: bigint, cpl: 0 | 3 = 0) =>
    run({
      code: '66 0f 38 82 06', // (%rsi), %rax
      rax: type,
      rsi: AT.data,
      cpl,
      words: { [`${AT.data}`]: pcid, [`${AT.data + 8n}`]: address },
    });

  it('takes every type, and does not serialise', () => {
    for (const type of [0n, 1n, 2n, 3n]) {
      expect(invpcid(type, 0n, 0x1000n)).toMatchObject({ exception: undefined, signals: '' });
    }
  });

  it('raises #GP(0) for what the manual reserves, and in the user', () => {
    expect(invpcid(4n, 0n, 0n).exception).toBe('#GP(0)');
    expect(invpcid(2n, 1n << 12n, 0n).exception).toBe('#GP(0)');
    expect(invpcid(1n, 1n, 0n).exception).toBe('#GP(0)');
    expect(invpcid(0n, 0n, NON_CANONICAL).exception).toBe('#GP(0)');
    expect(invpcid(1n, 0n, NON_CANONICAL).exception).toBeUndefined();
    expect(invpcid(2n, 0n, 0n, 3).exception).toBe('#GP(0)');
  });
});

describe('hints', () => {
  it.each([
    ['prefetchw', '0f 0d 0f'],
    ['prefetchwt1', '0f 0d 17'],
    ['prefetcht0', '0f 18 0f'],
    ['prefetchit0 0(%rip)', '0f 18 3d 00 00 00 00'],
    ['prefetchit1 0(%rip)', '0f 18 35 00 00 00 00'],
    ['cldemote', '0f 1c 07'],
    ['0F 0D with a register', '0f 0d c8'],
  ])('access nothing and cannot fault: %s', (_, code) => {
    const m = run({ code, rdi: NON_CANONICAL, cpl: 3, flags: 'CF' });
    expect([m.exception, m.accesses, m.flags, m.rip]).toEqual([
      undefined,
      [],
      'CF',
      AT.code + BigInt(code.split(' ').length),
    ]);
  });
});
