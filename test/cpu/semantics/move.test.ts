import { describe, expect, it } from 'vitest';
import { AT, machineWith, NON_CANONICAL, RSP, stepper } from '../machine-with.js';

const run = stepper();

const ALL = 0xffffffffffffffffn;
const word = (address: bigint, value: bigint) => ({ words: { [`${address}`]: value } });

describe('MOV and its extending forms', () => {
  it('clear the upper half of a 32-bit register only', () => {
    expect(run({ code: 'b8 ff ff ff ff', rax: 0n }).reg('rax')).toBe(0xffffffffn);
    // mov %al,%ah with rax = -1 and al = 0x12
    expect(run({ code: '88 c4', rax: 0xffffffffffffff12n }).reg('rax')).toBe(0xffffffffffff1212n);
  });

  it('read AH with movzbl and keep the upper part with movsbw', () => {
    expect(
      machineWith({ code: '0f b6 c4', rax: ALL - 0x7f00n })
        .step()
        .reg('rax'),
    ).toBe(0x80n);
    expect(run({ code: '66 0f be c8', rax: 0x80n, rcx: 0x11112222n }).reg('rcx')).toBe(0x1111ff80n);
    expect(run({ code: '48 63 d8', rax: 0x80000000n }).reg('rbx')).toBe(0xffffffff80000000n);
  });

  it('take a 64-bit immediate and a 64-bit absolute address', () => {
    expect(run({ code: '48 b8 88 77 66 55 44 33 22 11' }).reg('rax')).toBe(0x1122334455667788n);
    const m = run({ code: '48 a1 08 00 00 20 00 00 00 00', ...word(AT.data + 8n, 42n) });
    expect(m.reg('rax')).toBe(42n);
  });

  it('write memory without reading it', () => {
    const m = run({ code: '48 89 07', rax: 7n, rdi: AT.data });
    expect(m.accesses).toEqual([{ address: AT.data, size: 8, kind: 'write' }]);
    expect(m.read(AT.data)).toBe(7n);
  });
});

describe('addresses', () => {
  it('add base, scaled index and displacement modulo 2^64', () => {
    // lea 0x10(%rax,%rbx,8),%rcx
    const m = run({ code: '48 8d 4c d8 10', rax: ALL, rbx: 2n });
    expect(m.reg('rcx')).toBe(0x1fn);
  });

  it('are cut to 32 bits with an address-size prefix', () => {
    // lea (%eax,%ebx),%rcx; mov -1(%eax),%ebx with eax = 0x20000004 and a dirty upper half
    expect(run({ code: '67 48 8d 0c 18', rax: 0xffffffffn, rbx: 3n }).reg('rcx')).toBe(2n);
    const m = machineWith({ code: '67 8b 58 ff', rax: 0x1122334420000004n, ...word(AT.data, 0x1122334455667788n) });
    expect(m.step().reg('rbx')).toBe(0x22334455n);
    expect(m.accesses).toEqual([{ address: AT.data + 3n, size: 4, kind: 'read' }]);
  });

  it('count from the next instruction when relative to RIP, also in 32 bits', () => {
    // lea 4(%rip),%rax
    expect(run({ code: '48 8d 05 04 00 00 00' }).reg('rax')).toBe(AT.code + 11n);
    const high = { at: 0xffffffff81000000n };
    expect(
      machineWith({ code: '48 8d 05 04 00 00 00', ...high })
        .step()
        .reg('rax'),
    ).toBe(0xffffffff8100000bn);
    expect(
      machineWith({ code: '67 48 8d 05 04 00 00 00', ...high })
        .step()
        .reg('rax'),
    ).toBe(0x8100000cn);
  });

  it('have the base of FS or GS added after they are cut', () => {
    const at = { ...word(AT.data + 8n, 99n) };
    // mov %gs:8,%rax; mov %fs:(%rbx),%rax; mov %fs:(%ebx),%rax
    expect(
      machineWith({ code: '65 48 8b 04 25 08 00 00 00', gsBase: AT.data, ...at })
        .step()
        .reg('rax'),
    ).toBe(99n);
    expect(
      machineWith({ code: '64 48 8b 03', fsBase: AT.data + 16n, rbx: ALL - 7n, ...at })
        .step()
        .reg('rax'),
    ).toBe(99n);
    const cut = run({ code: '67 64 48 8b 03', fsBase: AT.data, rbx: 0x500000008n, ...at });
    expect(cut.reg('rax')).toBe(99n);
  });

  it('are not changed by overrides to other segments', () => {
    // mov %cs:(%rdi),%rax and so on, with bases that would be felt
    for (const prefix of ['2e', '36', '3e', '26']) {
      const m = machineWith({ code: `${prefix} 48 8b 07`, rdi: AT.data, fsBase: 8n, gsBase: 8n, ...word(AT.data, 3n) });
      expect(m.step().reg('rax')).toBe(3n);
    }
  });
});

describe('faults of data accesses', () => {
  it('are #PF with the address of the first byte that is not there', () => {
    // mov (%rax),%rbx
    expect(run({ code: '48 8b 18', rax: 0x12345678n }).exception).toBe('#PF(0) 12345678');
    expect(run({ code: '48 8b 18', rax: 0x20003ffcn }).exception).toBe('#PF(0) 20004000');
    expect(run({ code: '48 8b 18', rax: 0x12345678n, cpl: 3 }).exception).toBe('#PF(4) 12345678');
  });

  it('tell a write to a page that may not be written from a missing page', () => {
    // mov %rax,(%rdi)
    expect(run({ code: '48 89 07', rdi: AT.readonly + 5n }).exception).toBe('#PF(3) 20002005');
    expect(run({ code: '48 89 07', rdi: AT.code }).exception).toBe('#PF(3) 10000000');
    expect(run({ code: '48 89 07', rdi: 0x20004000n, cpl: 3 }).exception).toBe('#PF(6) 20004000');
  });

  it('write nothing when only the second page of a crossing store faults', () => {
    const m = run({ code: '48 89 07', rax: ALL, rdi: AT.readonly - 3n });
    expect(m.exception).toBe('#PF(3) 20002000');
    expect(m.read(AT.readonly - 8n)).toBe(0n);
    expect(m.accesses).toEqual([]);
  });

  it('are #GP, or #SS with RSP or RBP as base, when the address is not canonical', () => {
    // mov (%rax),%rbx; mov (%rsp),%rbx; mov 0(%rbp),%rbx; mov (%rax,%rbp),%rbx
    expect(run({ code: '48 8b 18', rax: NON_CANONICAL }).exception).toBe('#GP(0)');
    expect(run({ code: '48 8b 1c 24', rsp: NON_CANONICAL }).exception).toBe('#SS(0)');
    expect(run({ code: '48 8b 5d 00', rbp: NON_CANONICAL }).exception).toBe('#SS(0)');
    expect(run({ code: '48 8b 1c 28', rbp: NON_CANONICAL }).exception).toBe('#GP(0)');
  });

  it('are #GP with RBP as base and an override to FS or GS; other overrides have no effect', () => {
    const exception = (prefix: string, operand: string) =>
      run({ code: `${prefix} 48 8b ${operand}`, rax: NON_CANONICAL, rbp: NON_CANONICAL }).exception;
    expect(exception('64', '5d 00')).toBe('#GP(0)');
    expect(exception('65', '5d 00')).toBe('#GP(0)');
    expect(exception('3e', '5d 00')).toBe('#SS(0)');
    expect(exception('36', '18')).toBe('#GP(0)');
  });

  it('look at the last byte too', () => {
    const m = run({ code: '48 8b 18', rax: 0x7ffffffffffcn });
    expect(m.exception).toBe('#GP(0)');
  });

  it('wrap around at the end of the address space', () => {
    const words = { [`${0xfffffffffffff000n}`]: 0n };
    const m = run({ code: '48 8b 18', rax: ALL - 3n, words });
    expect(m.exception).toBe('#PF(0) 0');
    const both = run({ code: '48 8b 18', rax: ALL - 3n, words: { ...words, [`${0n}`]: 0x55667788n } });
    expect(both.reg('rbx')).toBe(0x5566778800000000n);
  });

  it('leave CR2 alone unless they are #PF', () => {
    const m = run({ code: '48 8b 18 48 8b 1b', rax: 0x12345000n, rbx: NON_CANONICAL });
    m.both(({ cpu }) => {
      cpu.rip = AT.code + 3n;
    }).step();
    expect(m.exception).toBe('#GP(0)');
    expect(m.wasm.cpu.cell('cr2')).toBe(0x12345000n);
  });
});

describe('XCHG', () => {
  it('swaps the two halves of a word', () => {
    expect(run({ code: '86 c4', rax: 0x1122n }).reg('rax')).toBe(0x2211n);
  });

  it('swaps with memory in one access, and changes no register when that faults', () => {
    const m = run({ code: '48 87 07', rax: 1n, rdi: AT.data, ...word(AT.data, 2n) });
    expect([m.reg('rax'), m.read(AT.data)]).toEqual([2n, 1n]);
    expect(m.accesses).toEqual([{ address: AT.data, size: 8, kind: 'update' }]);
    const faulting = run({ code: '48 87 07', rax: 1n, rdi: AT.readonly });
    expect(faulting.exception).toBe('#PF(3) 20002000');
    expect(faulting.reg('rax')).toBe(1n);
  });

  it('of EAX with R8D clears both upper halves, of EAX with EAX is NOP', () => {
    const m = run({ code: '41 90', rax: ALL, r8: ALL });
    expect([m.reg('rax'), m.reg('r8')]).toEqual([0xffffffffn, 0xffffffffn]);
    expect(run({ code: '90', rax: ALL }).reg('rax')).toBe(ALL);
  });
});

describe('CMOVcc and SETcc', () => {
  it('clear the upper half of a 32-bit register even when the condition is false', () => {
    const m = run({ code: '0f 44 c3', rax: ALL, rbx: 5n });
    expect(m.reg('rax')).toBe(0xffffffffn);
    expect(run({ code: '0f 44 c3', rax: ALL, rbx: 5n, flags: 'ZF' }).reg('rax')).toBe(5n);
  });

  it('read memory, and fault, even when the condition is false', () => {
    expect(run({ code: '0f 44 07', rdi: 0x1000n }).exception).toBe('#PF(0) 1000');
  });

  it('know every condition', () => {
    const conditions: Record<string, (f: Set<string>) => boolean> = {
      o: (f) => f.has('OF'),
      b: (f) => f.has('CF'),
      e: (f) => f.has('ZF'),
      be: (f) => f.has('CF') || f.has('ZF'),
      s: (f) => f.has('SF'),
      p: (f) => f.has('PF'),
      l: (f) => f.has('SF') !== f.has('OF'),
      le: (f) => f.has('ZF') || f.has('SF') !== f.has('OF'),
    };
    const m = machineWith({ code: '0f 90 c0' });
    for (const [n, holds] of Object.values(conditions).entries()) {
      for (let bits = 0; bits < 64; bits++) {
        const flags = ['CF', 'PF', 'AF', 'ZF', 'SF', 'OF'].filter((_, i) => (bits >> i) & 1);
        for (const negated of [0, 1]) {
          const opcode = (0x90 + 2 * n + negated).toString(16);
          m.load({ code: `0f ${opcode} c0`, rax: 0x7fn, flags: flags.join(' ') }).step();
          expect(m.reg('rax') === 1n, `${opcode} with ${flags}`).toBe(holds(new Set(flags)) !== (negated === 1));
        }
      }
    }
  });
});

describe('BSWAP, sign extension of the accumulator, XLAT', () => {
  it('BSWAP reverses bytes and clears the upper half of a 32-bit register', () => {
    expect(run({ code: '0f c8', rax: 0xffffffff11223344n }).reg('rax')).toBe(0x44332211n);
    expect(run({ code: '48 0f c8', rax: 0x1122334455667788n }).reg('rax')).toBe(0x8877665544332211n);
  });

  it('CBW CWDE CDQE widen within RAX, CWD CDQ CQO fill RDX', () => {
    const rax = (code: string, value: bigint) => run({ code, rax: value }).reg('rax');
    expect(rax('66 98', 0x11220080n)).toBe(0x1122ff80n);
    expect(rax('98', ALL - 0x7fffn)).toBe(0xffff8000n);
    expect(rax('48 98', 0x80000000n)).toBe(0xffffffff80000000n);
    const rdx = (code: string, value: bigint) => run({ code, rax: value, rdx: 0x11111111n }).reg('rdx');
    expect(rdx('66 99', 0x8000n)).toBe(0x1111ffffn);
    expect(rdx('99', 0x80000000n)).toBe(0xffffffffn);
    expect(rdx('48 99', 0x80000000n)).toBe(0n);
  });

  it('XLAT adds AL unsigned, and wraps at 32 bits with an address-size prefix', () => {
    const words = word(AT.data + 0x80n, 0x1234n);
    const m = run({ code: 'd7', rax: 0xffff80n, rbx: AT.data, ...words });
    expect(m.reg('rax')).toBe(0xffff34n);
    const cut = run({ code: '67 d7', rax: 0x80n, rbx: 0x720000000n, ...words });
    expect(cut.reg('rax')).toBe(0x34n);
    const wrapped = run({ code: '67 d7', rax: 0x10n, rbx: 0xfffffff8n, ...word(8n, 0x77n) });
    expect(wrapped.reg('rax')).toBe(0x77n);
  });

  it('MOVNTI stores like MOV', () => {
    expect(run({ code: '48 0f c3 07', rax: 5n, rdi: RSP }).read(RSP)).toBe(5n);
  });
});

describe('MOVBE', () => {
  it('swaps bytes on the way from and to memory, 16 bits too', () => {
    const words = { [`${AT.data}`]: 0x8877665544332211n };
    // movbe (%rdi),%rax; movbe (%rdi),%eax; movbe (%rdi),%ax; movbe %ax,(%rdi)
    expect(run({ code: '48 0f 38 f0 07', rdi: AT.data, words }).reg('rax')).toBe(0x1122334455667788n);
    expect(run({ code: '0f 38 f0 07', rax: ALL, rdi: AT.data, words }).reg('rax')).toBe(0x11223344n);
    expect(run({ code: '66 0f 38 f0 07', rax: ALL, rdi: AT.data, words }).reg('rax')).toBe(0xffffffffffff1122n);
    const m = run({ code: '66 0f 38 f1 07', rax: 0xabcdn, rdi: AT.data, words });
    expect(m.read(AT.data)).toBe(0x887766554433cdabn);
    expect(m.accesses).toEqual([{ address: AT.data, size: 2, kind: 'write' }]);
  });
});
