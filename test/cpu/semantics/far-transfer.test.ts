import { describe, expect, it } from 'vitest';
import { AT, machineWith, NON_CANONICAL, RSP, stepper } from '../machine-with.js';

const run = stepper();
const TARGET = 0x10001000n;
const JMP = 'ff 2f'; // ljmp *(%rdi)
const CALL = 'ff 1f'; // lcall *(%rdi)

/** A far pointer at RDI, of an offset of `size` bytes. */
function pointer(offset: bigint, selector: bigint, size: 2 | 4 | 8 = 4) {
  const low = size === 8 ? offset : offset | (selector << BigInt(8 * size));
  return { rdi: AT.data, words: { [`${AT.data}`]: low, [`${AT.data + 8n}`]: selector } };
}

/** Words of `size` bytes at the top of the stack. */
function stack(size: 2 | 4 | 8, ...words: bigint[]): Record<string, bigint> {
  const quads: Record<string, bigint> = {};
  words.forEach((word, i) => {
    const at = RSP + BigInt(size * i);
    const key = `${at & ~7n}`;
    quads[key] = (quads[key] ?? 0n) | (word << (8n * (at & 7n)));
  });
  return quads;
}

describe('JMP, far', () => {
  it('goes to a zero-extended offset of each size in the code segment of the privilege level', () => {
    expect(run({ code: JMP, ...pointer(TARGET, 0x10n) }).rip).toBe(TARGET);
    expect(run({ code: `66 ${JMP}`, ...pointer(0x8234n, 0x10n, 2) }).rip).toBe(0x8234n);
    expect(run({ code: `48 ${JMP}`, ...pointer(0xffff888000001234n, 0x10n, 8) }).rip).toBe(0xffff888000001234n);
    expect(run({ code: JMP, cpl: 3, ...pointer(TARGET, 0x33n) }).rip).toBe(TARGET);
    // RPL may be below CPL.
    expect(run({ code: JMP, cpl: 3, ...pointer(TARGET, 0x30n) }).rip).toBe(TARGET);
  });

  it('reads the offset, then the selector, and neither serialises nor touches the stack', () => {
    const m = run({ code: JMP, ...pointer(TARGET, 0x10n) });
    expect([m.signals, m.reg('rsp'), m.accesses]).toEqual([
      '',
      RSP,
      [
        { address: AT.data, size: 4, kind: 'read' },
        { address: AT.data + 4n, size: 2, kind: 'read' },
      ],
    ]);
  });
});

describe('CALL, far', () => {
  it('pushes CS and the next RIP, each of the operand size', () => {
    const long = run({ code: CALL, ...pointer(TARGET, 0x10n) });
    expect([long.rip, long.reg('rsp'), long.read(RSP - 8n)]).toEqual([TARGET, RSP - 8n, 0x10_10000002n]);
    const word = run({ code: `66 ${CALL}`, ...pointer(0x10n, 0x10n, 2) });
    expect([word.rip, word.reg('rsp'), word.read(RSP - 4n, 4)]).toEqual([0x10n, RSP - 4n, 0x100003n]);
    const quad = run({ code: `48 ${CALL}`, cpl: 3, ...pointer(TARGET, 0x33n, 8) });
    expect([quad.reg('rsp'), quad.read(RSP - 16n), quad.read(RSP - 8n)]).toEqual([RSP - 16n, AT.code + 3n, 0x33n]);
  });

  it('pushes nothing when one of the two cannot be pushed', () => {
    for (const [rsp, exception] of [
      [AT.stack + 4n, '#PF(2) 2ffffffc'],
      [AT.stack + 0x2004n, '#PF(2) 30002000'],
      [NON_CANONICAL, '#SS(0)'],
    ] as const) {
      const m = run({ code: CALL, rsp, ...pointer(TARGET, 0x10n) });
      expect([m.exception, m.reg('rsp'), m.rip]).toEqual([exception, rsp, AT.code]);
      expect([m.read(AT.stack), m.read(AT.stack + 0x1ff8n)]).toEqual([0n, 0n]);
    }
  });
});

describe('CALL and JMP, far', () => {
  it.each([CALL, JMP])('raise #GP with the selector that is not of code that may be called (%s)', (code) => {
    for (const [selector, cpl] of [
      [0x18n, 0],
      [0x11n, 0],
      [0x33n, 0],
      [0x10n, 3],
      [0x2bn, 3],
      [0x40n, 0],
      [0x48n, 0],
      [0x14n, 0],
      [0xfff8n, 0],
      [0n, 0],
      [3n, 3],
    ] as const) {
      const m = run({ code, cpl, ...pointer(TARGET, selector) });
      expect([m.exception, m.rip, m.reg('rsp')]).toEqual([`#GP(${selector & 0xfffcn})`, AT.code, RSP]);
    }
    expect(run({ code: `48 ${code}`, ...pointer(NON_CANONICAL, 0x10n, 8) }).exception).toBe('#GP(0)');
  });

  it.each([CALL, JMP])('stop where compatibility mode would begin (%s)', (code) => {
    expect(run({ code, cpl: 3, ...pointer(TARGET, 0x23n) }).signals).toBe('unsupported');
    expect(run({ code, ...pointer(TARGET, 0x08n) })).toMatchObject({ signals: 'unsupported', rip: AT.code });
  });
});

describe('RET, far', () => {
  it('pops RIP and CS of the operand size, and releases parameters', () => {
    const m = run({ code: 'cb', words: stack(4, TARGET, 0xabcd0010n) });
    expect([m.rip, m.reg('rsp'), m.signals]).toEqual([TARGET, RSP + 8n, '']);
    expect(run({ code: '66 cb', words: stack(2, 0x1234n, 0x10n) })).toMatchObject({ rip: 0x1234n });
    const quad = run({ code: '48 ca 18 00', words: stack(8, TARGET, 0x10n) });
    expect([quad.rip, quad.reg('rsp')]).toEqual([TARGET, RSP + 16n + 24n]);
  });

  it('to the user pops RSP and SS too, and takes from segment registers what is the kernel’s', () => {
    const words = stack(8, TARGET, 0x33n, 0n, AT.stack + 0x40n, 0x2bn);
    const m = machineWith({ code: '48 ca 08 00', words }).with('selectors', 0x18n | (0x2bn << 16n) | (0x33n << 48n));
    m.step();
    expect([m.rip, m.reg('rsp'), m.cell('cpl'), m.signals]).toEqual([TARGET, AT.stack + 0x48n, 3n, '']);
    expect(m.cell('selectors')).toBe((0x2bn << 16n) | (0x33n << 48n));
  });

  it('raises #GP with a selector that does not fit', () => {
    const fault = (cpl: 0 | 3, ...words: bigint[]) => run({ code: '48 cb', cpl, words: stack(8, ...words) }).exception;
    expect(fault(0, TARGET, 0x18n)).toBe('#GP(24)');
    expect(fault(0, TARGET, 0n)).toBe('#GP(0)');
    expect(fault(3, TARGET, 0x10n)).toBe('#GP(16)');
    expect(fault(0, TARGET, 0x13n, RSP, 0x2bn)).toBe('#GP(16)');
    expect(fault(0, TARGET, 0x33n, RSP, 0x18n)).toBe('#GP(24)');
    expect(fault(0, TARGET, 0x33n, RSP, 0n)).toBe('#GP(0)');
    expect(fault(0, NON_CANONICAL, 0x10n)).toBe('#GP(0)');
    expect(fault(0, NON_CANONICAL, 0x33n, RSP, 0x2bn)).toBe('#GP(0)');
  });

  it('stops where compatibility mode would begin', () => {
    expect(run({ code: 'cb', words: stack(4, TARGET, 0x23n) })).toMatchObject({ signals: 'unsupported', rip: AT.code });
  });
});

describe('IRET', () => {
  it('pops five words of 4 bytes', () => {
    const m = run({ code: 'cf', words: stack(4, TARGET, 0x33n, 0x40203n, 0x30000100n, 0x2bn) });
    expect([m.rip, m.reg('rsp'), m.cell('cpl'), m.signals]).toEqual([TARGET, 0x30000100n, 3n, 'iret']);
    expect(m.flags).toBe('CF IF AC');
  });

  it('of 2 bytes leaves AC and ID alone', () => {
    const m = run({ code: '66 cf', flags: 'AC ID ZF', words: stack(2, 0x1234n, 0x10n, 0x3n, 0x100n, 0x18n) });
    expect([m.rip, m.reg('rsp'), m.flags]).toEqual([0x1234n, 0x100n, 'CF AC ID']);
  });

  it('stops where compatibility mode would begin, and is #GP with other selectors', () => {
    for (const [code, size] of [
      ['66 cf', 2],
      ['cf', 4],
      ['48 cf', 8],
    ] as const) {
      const frame = (cs: bigint) => ({ code, words: stack(size, 0x1000n, cs, 2n, 0x100n, 0x2bn) });
      expect(run(frame(0x23n))).toMatchObject({ signals: 'unsupported', rip: AT.code });
      expect(run(frame(0x28n)).exception).toBe('#GP(40)');
      expect(run({ ...frame(0x33n), flags: 'NT' }).exception).toBe('#GP(0)');
    }
  });
});
