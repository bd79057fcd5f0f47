import { describe, expect, it } from 'vitest';
import { AT, machineWith, NON_CANONICAL, stepper } from '../machine-with.js';

const ALL = 0xffffffffffffffffn;
const run = stepper();
const PATTERN = 0x1122334455667788n;

describe('IN', () => {
  it('reads all ones from a port, of as many bytes as the register has', () => {
    // in $0x60,%al; in (%dx),%ax; in (%dx),%eax; rex.W in (%dx),%eax
    expect(run({ code: 'e4 60', rax: 0n }).reg('rax')).toBe(0xffn);
    expect(run({ code: '66 ed', rax: PATTERN, rdx: 0x3f8n }).reg('rax')).toBe(0x112233445566ffffn);
    expect(run({ code: 'ed', rax: PATTERN, rdx: 0x3f8n }).reg('rax')).toBe(0xffffffffn);
    expect(run({ code: '48 ed', rax: PATTERN, rdx: 0x3f8n }).reg('rax')).toBe(0xffffffffn);
  });

  it('changes no flag and accesses no memory', () => {
    const m = run({ code: 'ec', flags: 'CF ZF', rdx: AT.data });
    expect([m.flags, m.accesses, m.signals]).toEqual(['CF ZF', [], '']);
  });
});

describe('OUT', () => {
  it('has no effect: the kernel delays by writing port 0x80', () => {
    for (const code of ['e6 80', '66 e7 80', 'e7 80', 'ee', '66 ef', 'ef']) {
      const m = run({ code, rax: PATTERN, rdx: 0x80n, flags: 'CF' });
      expect([m.exception, m.rip, m.reg('rax'), m.flags, m.accesses]).toEqual([
        undefined,
        AT.code + BigInt(code.split(' ').length),
        PATTERN,
        'CF',
        [],
      ]);
    }
  });
});

describe('a port in the user', () => {
  const instructions = ['e4 60', 'ec', '66 ed', 'ed', 'e6 80', 'ee', 'ef', '6c', '6d', '6e', '6f', 'f3 6c', 'f3 6f'];

  it.each(instructions)('is #GP(0) if IOPL is below CPL: %s', (code) => {
    const setup = { code, cpl: 3, rdi: AT.data, rsi: AT.data, rcx: 2n, rax: PATTERN } as const;
    const m = run(setup);
    expect([m.exception, m.reg('rax'), m.reg('rdi'), m.reg('rcx'), m.accesses]).toEqual([
      '#GP(0)',
      PATTERN,
      AT.data,
      2n,
      [],
    ]);
    expect(run({ ...setup, iopl: 3 }).exception).toBeUndefined();
  });

  it('is looked at even by a repetition of none', () => {
    for (const code of ['f3 6c', 'f3 6e']) {
      expect(run({ code, cpl: 3, rcx: 0n }).exception).toBe('#GP(0)');
      expect(run({ code, cpl: 3, iopl: 3, rcx: 0n }).rip).toBe(AT.code + 2n);
    }
  });
});

describe('INS', () => {
  it('stores all ones and advances RDI by DF', () => {
    // insb; insw; insl
    for (const [code, size] of [
      ['6c', 1],
      ['66 6d', 2],
      ['6d', 4],
      ['48 6d', 4],
    ] as const) {
      const m = run({ code, rdi: AT.data, words: { [`${AT.data}`]: 0n } });
      expect([m.read(AT.data), m.reg('rdi')]).toEqual([(1n << BigInt(8 * size)) - 1n, AT.data + BigInt(size)]);
      expect(m.accesses).toEqual([{ address: AT.data, size, kind: 'write' }]);
      expect(run({ code, rdi: AT.data, flags: 'DF' }).reg('rdi')).toBe(AT.data - BigInt(size));
    }
  });

  it('repeats while RCX is not 0, an iteration a step', () => {
    const m = machineWith({ code: 'f3 66 6d', rdi: AT.data, rcx: 3n, words: { [`${AT.data}`]: 0n } }).step(2);
    expect([m.rip, m.reg('rcx')]).toEqual([AT.code, 1n]);
    m.step();
    expect([m.rip, m.reg('rcx'), m.read(AT.data)]).toEqual([AT.code + 3n, 0n, 0xffffffffffffn]);
  });

  it('uses EDI and ECX with a 32-bit address size, whatever the segment', () => {
    const m = run({ code: '67 64 f3 6c', rdi: (ALL << 32n) | AT.data, rcx: (ALL << 32n) | 1n, fsBase: 0x100n });
    expect([m.reg('rdi'), m.reg('rcx'), m.read(AT.data, 1)]).toEqual([AT.data + 1n, 0n, 0xffn]);
  });

  it('faults as a store does', () => {
    expect(run({ code: '6c', rdi: AT.readonly }).exception).toBe('#PF(3) 20002000');
    expect(run({ code: '6d', rdi: NON_CANONICAL }).exception).toBe('#GP(0)');
  });
});

describe('OUTS', () => {
  it('reads memory through the segment and advances RSI', () => {
    const m = run({ code: '64 6f', rsi: AT.data, fsBase: 8n });
    expect([m.reg('rsi'), m.accesses]).toEqual([AT.data + 4n, [{ address: AT.data + 8n, size: 4, kind: 'read' }]]);
    expect(run({ code: 'f3 67 6e', rsi: AT.data, rcx: 2n }).rip).toBe(AT.code);
  });

  it('faults as a load does', () => {
    const m = run({ code: 'f3 6f', rsi: 0x1000n, rcx: 5n });
    expect([m.exception, m.reg('rsi'), m.reg('rcx')]).toEqual(['#PF(0) 1000', 0x1000n, 5n]);
  });
});
