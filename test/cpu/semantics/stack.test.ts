import { describe, expect, it } from 'vitest';
import { AT, machineWith, NON_CANONICAL, RSP, rflagsOf, stepper, WRITABLE_TEXT } from '../machine-with.js';

const ALL = 0xffffffffffffffffn;
const run = stepper();
const top = (value: bigint, more: Record<string, bigint> = {}) => ({ words: { [`${RSP}`]: value, ...more } });

describe('PUSH', () => {
  it('of RSP pushes the value before the decrement', () => {
    const m = run({ code: '54' });
    expect(m.reg('rsp')).toBe(RSP - 8n);
    expect(m.read(RSP - 8n)).toBe(RSP);
  });

  it('from an address based on RSP reads before the decrement', () => {
    // push (%rsp)
    expect(run({ code: 'ff 34 24', ...top(42n) }).read(RSP - 8n)).toBe(42n);
  });

  it('sign-extends immediates, and takes 2 bytes with an operand-size prefix', () => {
    expect(run({ code: '6a ff' }).read(RSP - 8n)).toBe(ALL);
    expect(run({ code: '68 78 56 34 82' }).read(RSP - 8n)).toBe(0xffffffff82345678n);
    const word = run({ code: '66 6a ff' });
    expect(word.reg('rsp')).toBe(RSP - 2n);
    expect(word.read(RSP - 8n)).toBe(0xffff000000000000n);
    expect(run({ code: '66 50', rax: 0x12345n }).read(RSP - 2n, 2)).toBe(0x2345n);
  });

  it('leaves RSP alone when it faults, with #SS when RSP is not canonical', () => {
    const m = run({ code: '50', rsp: AT.stack });
    expect(m.exception).toBe('#PF(2) 2ffffff8');
    expect(m.reg('rsp')).toBe(AT.stack);
    expect(run({ code: '50', rsp: NON_CANONICAL }).exception).toBe('#SS(0)');
  });
});

describe('POP', () => {
  it('of RSP leaves the value popped', () => {
    expect(run({ code: '5c', ...top(0x1234n) }).reg('rsp')).toBe(0x1234n);
  });

  it('of SP merges the 16 bits popped into the incremented RSP', () => {
    // pop %sp
    expect(run({ code: '66 5c', ...top(0xabcdn) }).reg('rsp')).toBe((RSP & ~0xffffn) | 0xabcdn);
  });

  it('to an address based on RSP computes it after the increment', () => {
    // pop (%rsp); pop 8(%rsp)
    const m = run({ code: '8f 04 24', ...top(42n) });
    expect([m.read(RSP), m.read(RSP + 8n), m.reg('rsp')]).toEqual([42n, 42n, RSP + 8n]);
    expect(run({ code: '8f 44 24 08', ...top(42n) }).read(RSP + 16n)).toBe(42n);
  });

  it('leaves RSP alone when the store faults', () => {
    const m = run({ code: '8f 00', rax: AT.readonly });
    expect(m.exception).toBe('#PF(3) 20002000');
    expect(m.reg('rsp')).toBe(RSP);
    expect(m.accesses).toEqual([{ address: RSP, size: 8, kind: 'read' }]);
  });

  it('to a non-canonical address raises #SS with RBP as base, #GP with others', () => {
    expect(run({ code: '8f 45 08', rbp: NON_CANONICAL }).exception).toBe('#SS(0)');
    expect(run({ code: '8f 00', rax: NON_CANONICAL }).exception).toBe('#GP(0)');
  });

  it('reads the stack before it looks at the destination', () => {
    expect(run({ code: '8f 00', rax: NON_CANONICAL, rsp: 0x1000n }).exception).toBe('#PF(0) 1000');
  });
});

describe('PUSHF and POPF', () => {
  it('PUSHF pushes RFLAGS without RF', () => {
    expect(run({ code: '9c', flags: 'CF ZF IF RF ID' }).read(RSP - 8n)).toBe(rflagsOf('CF ZF IF ID'));
    const word = run({ code: '66 9c', flags: 'CF OF ID' });
    expect(word.reg('rsp')).toBe(RSP - 2n);
    expect(word.read(RSP - 2n, 2)).toBe(rflagsOf('CF OF'));
  });

  it('POPF at CPL 0 changes everything that software may change, and clears RF', () => {
    const m = run({ code: '9d', flags: 'RF', ...top(ALL) });
    expect(m.flags).toBe('CF PF AF ZF SF TF IF DF OF NT AC ID');
    expect(m.rflags & 0x3000n).toBe(0x3000n);
    expect(run({ code: '9d', flags: 'CF IF DF ID', iopl: 3, ...top(0n) }).rflags).toBe(2n);
  });

  it('POPF at CPL 3 with IOPL 0 keeps IF and IOPL, without a fault', () => {
    const set = run({ code: '9d', cpl: 3, ...top(ALL) });
    expect(set.exception).toBeUndefined();
    expect(set.flags).toBe('CF PF AF ZF SF TF DF OF NT AC ID');
    expect(set.rflags & 0x3000n).toBe(0n);
    expect(run({ code: '9d', cpl: 3, flags: 'IF CF', ...top(0n) }).flags).toBe('IF');
  });

  it('POPF at CPL 3 with IOPL 3 changes IF but not IOPL', () => {
    const m = run({ code: '9d', cpl: 3, iopl: 3, flags: 'IF', ...top(0n) });
    expect(m.flags).toBe('');
    expect(m.rflags & 0x3000n).toBe(0x3000n);
  });

  it('POPF of 16 bits keeps AC and ID', () => {
    const m = run({ code: '66 9d', flags: 'AC ID CF', ...top(rflagsOf('ZF')) });
    expect(m.flags).toBe('ZF AC ID');
    expect(m.reg('rsp')).toBe(RSP + 2n);
  });

  it('POPF that sets IF opens no interrupt shadow', () => {
    expect(run({ code: '9d', ...top(rflagsOf('IF')) }).wasm.cpu.shadowed).toBe(false);
  });

  it('POPF changes nothing when the stack faults', () => {
    const m = run({ code: '9d', rsp: 0x1000n, flags: 'CF OF' });
    expect(m.exception).toBe('#PF(0) 1000');
    expect([m.flags, m.reg('rsp')]).toEqual(['CF OF', 0x1000n]);
  });

  it('round every combination of status flags', () => {
    const m = machineWith({ code: '90' });
    for (let bits = 0; bits < 64; bits++) {
      const names = ['CF', 'PF', 'AF', 'ZF', 'SF', 'OF'].filter((_, i) => (bits >> i) & 1).join(' ');
      m.load({ code: '9d 9c', ...top(rflagsOf(names)) }).step(2);
      expect(m.read(RSP)).toBe(rflagsOf(names));
    }
  });
});

describe('LEAVE', () => {
  it('takes RSP from RBP and pops RBP', () => {
    const m = run({ code: 'c9', rbp: RSP + 0x100n, words: { [`${RSP + 0x100n}`]: 0x1122334455667788n } });
    expect([m.reg('rsp'), m.reg('rbp')]).toEqual([RSP + 0x108n, 0x1122334455667788n]);
  });

  it('with an operand-size prefix pops BP only', () => {
    const m = run({ code: '66 c9', rbp: RSP, ...top(0x7788n) });
    expect([m.reg('rsp'), m.reg('rbp')]).toEqual([RSP + 2n, (RSP & ~0xffffn) | 0x7788n]);
  });

  it('changes nothing when it faults', () => {
    const m = run({ code: 'c9', rbp: NON_CANONICAL });
    expect(m.exception).toBe('#SS(0)');
    expect([m.reg('rsp'), m.reg('rbp')]).toEqual([RSP, NON_CANONICAL]);
  });
});

describe('ENTER', () => {
  it('pushes RBP, makes RSP the frame and allocates', () => {
    // enter $0x10,$0
    const m = run({ code: 'c8 10 00 00', rbp: 0x1122n });
    expect([m.reg('rbp'), m.reg('rsp'), m.read(RSP - 8n)]).toEqual([RSP - 8n, RSP - 24n, 0x1122n]);
  });

  it('copies the frame pointers of the levels outside, then pushes its own', () => {
    // enter $0,$3, and the same level written as 35
    const rbp = RSP + 0x20n;
    const words = { [`${rbp - 8n}`]: 0xaaaan, [`${rbp - 16n}`]: 0xbbbbn, [`${rbp - 24n}`]: 0xccccn };
    for (const code of ['c8 00 00 03', 'c8 00 00 23']) {
      const m = run({ code, rbp, words });
      const pushed = [1n, 2n, 3n, 4n].map((n) => m.read(RSP - 8n * n));
      expect(pushed).toEqual([rbp, 0xaaaan, 0xbbbbn, RSP - 8n]);
      expect([m.reg('rbp'), m.reg('rsp')]).toEqual([RSP - 8n, RSP - 32n]);
    }
  });

  it('pushes words with an operand-size prefix and leaves the upper part of RBP', () => {
    // data16 enter $2,$1
    const m = run({ code: '66 c8 02 00 01', rbp: 0x1122334455667788n });
    expect([m.read(RSP - 2n, 2), m.read(RSP - 4n, 2)]).toEqual([0x7788n, (RSP - 2n) & 0xffffn]);
    expect(m.reg('rbp')).toBe(0x1122334455660000n | ((RSP - 2n) & 0xffffn));
    expect(m.reg('rsp')).toBe(RSP - 6n);
  });

  it.each([-4n, 0n, 4n])('sees what it has pushed itself, over a page border too (RBP at RSP %i)', (distance) => {
    const rsp = AT.stack + 0x1004n;
    const m = run({ code: 'c8 00 00 03', rsp, rbp: rsp + distance }).compareMemory();
    expect([m.exception, m.reg('rsp')]).toEqual([undefined, rsp - 32n]);
    if (distance === 0n) expect(m.read(rsp - 16n)).toBe(rsp);
  });

  it('sees what it has pushed into text', () => {
    // enter $0,$4 with RSP and RBP in the page of the code
    const rsp = AT.code + 0x700n;
    const m = run({ code: 'c8 00 00 04', at: AT.code + 0x800n, text: WRITABLE_TEXT, rsp, rbp: rsp }).compareMemory();
    expect([1n, 2n, 3n, 4n, 5n].map((n) => m.read(rsp - 8n * n))).toEqual([rsp, rsp, rsp, rsp, rsp - 8n]);
  });

  it('faults as a write at the final RSP does, with RSP and RBP unchanged', () => {
    // enter $0x2000,$0: below the stack
    const m = run({ code: 'c8 00 20 00', rbp: 5n, cpl: 3 });
    expect([m.exception, m.reg('rsp'), m.reg('rbp')]).toEqual([`#PF(6) ${(RSP - 0x2008n).toString(16)}`, RSP, 5n]);
  });
});
