import { describe, expect, it } from 'vitest';
import { AT, NON_CANONICAL, stepper } from '../machine-with.js';

const ALL = 0xffffffffffffffffn;
const run = stepper();
const MIDDLE = AT.data + 0x800n;

describe('BT, BTS, BTR, BTC with a bit string in memory', () => {
  it('reach backwards with a negative offset', () => {
    // bt %rax,(%rdi) with offset -1: the highest bit of the quadword before
    const m = run({ code: '48 0f a3 07', rax: ALL, rdi: MIDDLE, words: { [`${MIDDLE - 8n}`]: 1n << 63n } });
    expect(m.flags).toBe('CF');
    expect(m.accesses).toEqual([{ address: MIDDLE - 8n, size: 8, kind: 'read' }]);
  });

  it('take the offset as signed in its own size', () => {
    // btr %ax,(%rdi) with ax = -17: bit 15 of the word two words before
    const m = run({ code: '66 0f b3 07', rax: 0x1ffefn, rdi: MIDDLE, words: { [`${MIDDLE - 8n}`]: ALL } });
    expect(m.accesses.map(({ address, size }) => [address, size])).toEqual([
      [MIDDLE - 4n, 2],
      [MIDDLE - 4n, 2],
    ]);
    expect(m.read(MIDDLE - 8n)).toBe(ALL & ~(1n << 47n));
    expect(m.flags).toBe('CF');
    // bts %eax,(%rdi) with eax = -2^31: 2^28 bytes before
    const far = run({ code: '0f ab 07', rax: 0x80000000n, rdi: AT.stack });
    expect(far.accesses[0]?.address).toBe(AT.stack - 0x10000000n);
  });

  it('reach far forward', () => {
    const m = run({ code: '0f ab 07', rax: 8n * 0x804n + 3n, rdi: AT.data });
    expect(m.read(MIDDLE)).toBe(1n << 35n);
  });

  it('wrap at 32 bits with an address-size prefix', () => {
    // bt %eax,(%ebx) with ebx = 4 and offset -64: 4 bytes below 2^32
    const m = run({ code: '67 0f a3 03', rax: 0xffffffc0n, rbx: 4n, words: { [`${0xfffffff8n}`]: 1n << 32n } });
    expect(m.exception).toBeUndefined();
    expect(m.flags).toBe('CF');
  });

  it('raise #SS with RBP as base, #GP with others', () => {
    expect(run({ code: '0f a3 45 00', rbp: NON_CANONICAL }).exception).toBe('#SS(0)');
    expect(run({ code: '0f a3 07', rdi: NON_CANONICAL }).exception).toBe('#GP(0)');
  });

  it('change no flag when the store faults', () => {
    const m = run({ code: '0f ab 07', rdi: AT.readonly, flags: 'CF' });
    expect(m.exception).toBe('#PF(3) 20002000');
    expect(m.flags).toBe('CF');
  });
});

describe('BT, BTS, BTR, BTC otherwise', () => {
  it('take the offset modulo the operand size', () => {
    // btc $33,%eax is bit 1; btsq $63,(%rdi)
    const m = run({ code: '0f ba f8 21', rax: ALL });
    expect(m.reg('rax')).toBe(0xfffffffdn);
    expect(m.flags).toBe('CF');
    expect(run({ code: '48 0f ba 2f 3f', rdi: AT.data }).read(AT.data)).toBe(1n << 63n);
  });

  it('keep all flags but CF', () => {
    expect(run({ code: '0f ba f8 21', rax: 0n, flags: 'CF PF AF ZF SF OF' }).flags).toBe('PF AF ZF SF OF');
  });

  it('BT of a register does not write it', () => {
    // bt %ecx,%eax
    expect(run({ code: '0f a3 c8', rax: ALL, rcx: 3n }).reg('rax')).toBe(ALL);
  });
});

describe('bit scans and counts', () => {
  it('BSF and BSR leave the destination alone when the source is 0', () => {
    for (const code of ['0f bc c3', '48 0f bd c3', '66 0f bc c3']) {
      const m = run({ code, rax: 0x1122334455667788n, rbx: 0n });
      expect(m.reg('rax')).toBe(0x1122334455667788n);
      expect(m.flags).toContain('ZF');
    }
  });

  it('BSF and BSR give indices, BSR from the bottom too', () => {
    expect(run({ code: '0f bc c3', rax: ALL, rbx: 0x80000000n }).reg('rax')).toBe(31n);
    expect(run({ code: '48 0f bd c3', rbx: 0x80000001n }).reg('rax')).toBe(31n);
    expect(run({ code: '48 0f bd c3', rbx: 1n, flags: 'ZF' }).flags).not.toContain('ZF');
  });

  it('TZCNT and LZCNT give the size for 0, with CF', () => {
    const low = run({ code: '66 f3 0f bc c3', rax: ALL, rbx: 0xffff0000n });
    expect(low.reg('rax')).toBe(0xffffffffffff0010n);
    expect(low.flags).toContain('CF');
    expect(run({ code: 'f3 0f bc c3', rbx: 0n }).reg('rax')).toBe(32n);
    expect(run({ code: 'f3 48 0f bd c3', rbx: 0n }).reg('rax')).toBe(64n);
    expect(run({ code: '66 f3 0f bd c3', rbx: 0x100n }).reg('rax')).toBe(7n);
  });

  it('TZCNT and LZCNT set ZF when the count is 0', () => {
    const m = run({ code: 'f3 48 0f bd c3', rbx: ALL });
    expect(m.flags.split(' ').filter((flag) => flag === 'ZF' || flag === 'CF')).toEqual(['ZF']);
  });

  it('POPCNT clears every flag but ZF', () => {
    expect(run({ code: 'f3 0f b8 c3', rbx: ALL, flags: 'CF PF AF ZF SF OF' }).flags).toBe('');
    expect(run({ code: 'f3 0f b8 c3', rbx: ALL }).reg('rax')).toBe(32n);
    expect(run({ code: 'f3 0f b8 c3', rbx: 0n, flags: 'CF PF AF SF OF' }).flags).toBe('ZF');
  });
});
