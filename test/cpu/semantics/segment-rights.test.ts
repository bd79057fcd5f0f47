import { describe, expect, it } from 'vitest';
import { AT, machineWith, stepper } from '../machine-with.js';

const ALL = 0xffffffffffffffffn;
const run = stepper();
const LAR = '0f 02 c3'; // lar %ebx,%eax
const LSL = '0f 03 c3';

describe('LAR', () => {
  it("gives the rights of Linux's segments to whom they are visible", () => {
    for (const [selector, cpl, rights] of [
      [0x10n, 0, 0xaf9b00n],
      [0x18n, 0, 0xcf9300n],
      [0x08n, 0, 0xcf9b00n],
      [0x33n, 3, 0xaffb00n],
      [0x2bn, 3, 0xcff300n],
      [0x23n, 0, 0xcffb00n],
      [0x40n, 0, 0x008b00n],
      [0x7bn, 3, 0x40f500n],
    ] as const) {
      const m = run({ code: LAR, rax: ALL, rbx: selector, cpl, flags: 'CF' });
      expect([m.reg('rax'), m.flags]).toEqual([rights, 'CF ZF']);
    }
  });

  it('leaves the register alone, and clears ZF alone, where there is nothing visible', () => {
    for (const [selector, cpl] of [
      [0x10n, 3],
      [0x40n, 3],
      [0x1bn, 0],
      [0n, 0],
      [3n, 3],
      [0x48n, 0],
      [0x50n, 0],
      [0x14n, 0],
      [0x1010n, 0],
    ] as const) {
      for (const code of [LAR, LSL]) {
        const m = run({ code, rax: ALL, rbx: selector, cpl, flags: 'CF SF ZF' });
        expect([m.reg('rax'), m.flags]).toEqual([ALL, 'CF SF']);
      }
    }
  });

  it('cuts to the operand size', () => {
    expect(run({ code: `66 ${LAR}`, rax: ALL, rbx: 0x33n }).reg('rax')).toBe(0xfffffffffffffb00n);
    expect(run({ code: `48 ${LAR}`, rax: ALL, rbx: 0x33n }).reg('rax')).toBe(0xaffb00n);
  });

  it('reads 16 bits of a register, or of memory', () => {
    expect(run({ code: LAR, rbx: 0xabcd0033n }).reg('rax')).toBe(0xaffb00n);
    for (const code of ['0f 02 07', '66 0f 02 07', '48 0f 02 07']) {
      const m = run({ code, rdi: AT.data, words: { [`${AT.data}`]: 0xffff0033n } });
      expect([m.reg('rax') & 0xffffn, m.accesses]).toEqual([0xfb00n, [{ address: AT.data, size: 2, kind: 'read' }]]);
    }
    expect(run({ code: '0f 02 07', rdi: 0x1000n }).exception).toBe('#PF(0) 1000');
  });
});

describe('LSL', () => {
  it('gives limits in bytes', () => {
    expect(run({ code: LSL, rax: ALL, rbx: 0x33n, cpl: 3 }).reg('rax')).toBe(0xffffffffn);
    expect(run({ code: `48 ${LSL}`, rax: ALL, rbx: 0x18n }).reg('rax')).toBe(0xffffffffn);
    expect(run({ code: `66 ${LSL}`, rax: 0n, rbx: 0x18n }).reg('rax')).toBe(0xffffn);
    expect(run({ code: LSL, rbx: 0x40n }).reg('rax')).toBe(0x4087n);
  });

  it('gives the number of CPU and node, as the vDSO wants it', () => {
    const m = machineWith({ code: LSL, rax: ALL, rbx: 0x7bn, cpl: 3 }).with('tscAux', 0x80005003n).step();
    expect([m.reg('rax'), m.flags]).toEqual([0x5003n, 'ZF']);
  });
});

describe('VERR and VERW', () => {
  it('say in ZF what may be read and written', () => {
    const zf = (code: string, rax: bigint, cpl: 0 | 3) => run({ code, rax, cpl, flags: 'CF ZF' }).flags;
    for (const [selector, cpl, reads, writes] of [
      [0x18n, 0, true, true],
      [0x18n, 3, false, false],
      [0x1bn, 0, false, false],
      [0x10n, 0, true, false],
      [0x2bn, 3, true, true],
      [0x33n, 3, true, false],
      [0x7bn, 3, true, false],
      [0x40n, 0, false, false],
      [0n, 0, false, false],
    ] as const) {
      expect([zf('0f 00 e0', selector, cpl), zf('0f 00 e8', selector, cpl)]).toEqual(
        [reads, writes].map((may) => (may ? 'CF ZF' : 'CF')),
      );
    }
  });

  it('take the selector from memory, as the kernel does when it leaves', () => {
    const m = run({ code: '0f 00 2f', rdi: AT.data, words: { [`${AT.data}`]: 0x18n } });
    expect([m.flags, m.accesses]).toEqual(['ZF', [{ address: AT.data, size: 2, kind: 'read' }]]);
  });
});
