import { describe, expect, it } from 'vitest';
import { SELECTOR } from '../../../src/cpu/cells.js';
import { AT, machineWith, NON_CANONICAL, RSP, rflagsOf, stepper } from '../machine-with.js';

const ALL = 0xffffffffffffffffn;
const run = stepper();
const word = (address: bigint, value: bigint) => ({ words: { [`${address}`]: value } });

describe('CALL and RET', () => {
  it('CALL pushes the address of the next instruction', () => {
    const m = run({ code: 'e8 00 01 00 00' });
    expect([m.rip, m.reg('rsp'), m.read(RSP - 8n)]).toEqual([AT.code + 0x105n, RSP - 8n, AT.code + 5n]);
    expect(run({ code: 'e8 fb ff ff ff', at: 0xffffffff81000000n }).rip).toBe(0xffffffff81000000n);
  });

  it('CALL of RSP and of an address based on RSP uses RSP before the push', () => {
    // call *%rsp; call *(%rsp)
    expect(run({ code: 'ff d4' }).rip).toBe(RSP);
    expect(run({ code: 'ff 14 24', ...word(RSP, 0x1234n) }).rip).toBe(0x1234n);
  });

  it('CALL to a non-canonical address is #GP(0) of the CALL itself, and pushes nothing', () => {
    for (const setup of [
      { code: 'ff d0', rax: NON_CANONICAL },
      { code: 'ff 10', rax: AT.data, ...word(AT.data, 0x0000800000000000n) },
    ]) {
      const m = run(setup);
      expect(m.exception).toBe('#GP(0)');
      expect([m.rip, m.reg('rsp'), m.read(RSP - 8n)]).toEqual([AT.code, RSP, 0n]);
    }
  });

  it('CALL without a stack jumps nowhere', () => {
    const m = run({ code: 'ff d0', rax: AT.data, rsp: AT.stack });
    expect(m.exception).toBe('#PF(2) 2ffffff8');
    expect(m.rip).toBe(AT.code);
  });

  it('RET pops RIP, and releases what it is told to', () => {
    const m = run({ code: 'c3', ...word(RSP, AT.code + 1n) });
    expect([m.rip, m.reg('rsp')]).toEqual([AT.code + 1n, RSP + 8n]);
    expect(run({ code: 'c2 10 80', ...word(RSP, AT.code) }).reg('rsp')).toBe(RSP + 8n + 0x8010n);
  });

  it('RET to a non-canonical address is #GP(0) and pops nothing', () => {
    const m = run({ code: 'c3', ...word(RSP, NON_CANONICAL) });
    expect(m.exception).toBe('#GP(0)');
    expect([m.rip, m.reg('rsp')]).toEqual([AT.code, RSP]);
  });
});

describe('JMP and Jcc', () => {
  it('JMP goes to the ends of the canonical halves, and not beyond', () => {
    expect(run({ code: 'ff e0', rax: 0x00007fffffffffffn }).rip).toBe(0x00007fffffffffffn);
    expect(run({ code: 'ff e0', rax: 0xffff800000000000n }).rip).toBe(0xffff800000000000n);
    expect(run({ code: 'ff e0', rax: 0x0000800000000000n }).exception).toBe('#GP(0)');
    expect(run({ code: 'ff e0', rax: 0xffff7fffffffffffn }).exception).toBe('#GP(0)');
  });

  it('a branch to itself stays', () => {
    const m = machineWith({ code: 'eb fe' });
    expect(m.step(3).rip).toBe(AT.code);
  });

  it('a branch displacement wraps around at 2^64', () => {
    expect(run({ code: 'e9 fb ff ff 7f', at: 0xffffffff81000000n }).rip).toBe(0x1000000n);
  });

  it('Jcc falls through to the next instruction or goes to the target', () => {
    // jl +0x10
    expect(run({ code: '7c 10' }).rip).toBe(AT.code + 2n);
    expect(run({ code: '7c 10', flags: 'SF' }).rip).toBe(AT.code + 0x12n);
    expect(run({ code: '7c 10', flags: 'SF OF' }).rip).toBe(AT.code + 2n);
    expect(run({ code: '0f 8c 00 ff ff ff', flags: 'OF' }).rip).toBe(AT.code + 6n - 0x100n);
  });

  it('goes to address 0, where nothing is mapped', () => {
    const m = run({ code: 'ff e0', rax: 0n });
    expect(m.rip).toBe(0n);
    expect(m.step().exception).toBe('#PF(16) 0');
  });
});

describe('LOOP and JRCXZ', () => {
  it('LOOP counts in RCX, through 0 too, and changes no flag', () => {
    const m = run({ code: 'e2 10', rcx: 0n, flags: 'ZF CF' });
    expect([m.reg('rcx'), m.rip, m.flags]).toEqual([ALL, AT.code + 0x12n, 'CF ZF']);
    expect(run({ code: 'e2 10', rcx: 1n }).rip).toBe(AT.code + 2n);
  });

  it('LOOP with an address-size prefix counts in ECX and clears the upper half of RCX', () => {
    const m = run({ code: '67 e2 10', rcx: 0x500000001n });
    expect([m.reg('rcx'), m.rip]).toEqual([0n, AT.code + 3n]);
    expect(run({ code: '67 e2 10', rcx: 0x500000000n }).reg('rcx')).toBe(0xffffffffn);
  });

  it('LOOPE and LOOPNE look at ZF as well', () => {
    expect(run({ code: 'e1 10', rcx: 2n, flags: 'ZF' }).rip).toBe(AT.code + 0x12n);
    expect(run({ code: 'e1 10', rcx: 2n }).rip).toBe(AT.code + 2n);
    expect(run({ code: 'e0 10', rcx: 2n }).rip).toBe(AT.code + 0x12n);
    expect(run({ code: 'e0 10', rcx: 1n }).rip).toBe(AT.code + 2n);
  });

  it('JRCXZ looks at RCX, JECXZ at ECX', () => {
    expect(run({ code: 'e3 10', rcx: 1n << 32n }).rip).toBe(AT.code + 2n);
    expect(run({ code: '67 e3 10', rcx: 1n << 32n }).rip).toBe(AT.code + 0x13n);
  });
});

describe('INT3, UD and NOP', () => {
  it('INT3 is a trap: RIP is that of the next instruction', () => {
    const m = run({ code: 'cc' });
    expect(m.exception).toBe('#BP');
    expect(m.rip).toBe(AT.code + 1n);
  });

  it('UD0, UD1 and UD2 are #UD and touch no memory', () => {
    for (const code of ['0f ff 00', '0f b9 00', '0f 0b']) {
      const m = run({ code, rax: 0x1000n });
      expect(m.exception).toBe('#UD');
      expect([m.rip, m.accesses]).toEqual([AT.code, []]);
    }
  });

  it('NOPs of every length, ENDBR and PAUSE do nothing', () => {
    for (const code of [
      '90',
      '66 90',
      '0f 1f 00',
      '0f 1f 04 00',
      '66 66 2e 0f 1f 84 00 00 00 00 00',
      'f3 0f 1e fa',
      'f3 90',
    ]) {
      const m = run({ code, rax: NON_CANONICAL, flags: 'CF' });
      expect(m.status).toBe(0);
      expect([m.rip, m.accesses, m.flags]).toEqual([AT.code + BigInt(code.split(' ').length), [], 'CF']);
    }
  });
});

describe('IRETQ', () => {
  const { kernelCode, kernelData, userCode, userData } = SELECTOR;
  const frame = (rip: bigint, cs: bigint, rflags: bigint, rsp: bigint, ss: bigint) => ({
    words: Object.fromEntries([rip, cs, rflags, rsp, ss].map((value, i) => [`${RSP + 8n * BigInt(i)}`, value])),
  });
  const TARGET = AT.code + 0x40n;

  it('restores RIP, RFLAGS and RSP, and says so', () => {
    const m = run({ code: '48 cf', ...frame(TARGET, kernelCode, rflagsOf('CF IF RF'), 0x1234n, kernelData) });
    expect([m.rip, m.reg('rsp'), m.flags, m.signals]).toEqual([TARGET, 0x1234n, 'CF IF RF', 'iret']);
    expect(m.wasm.cpu.cell('cpl')).toBe(0n);
  });

  it('accepts a null SS in the kernel', () => {
    expect(run({ code: '48 cf', ...frame(TARGET, kernelCode, 2n, RSP, 0n) }).exception).toBeUndefined();
  });

  it('goes to the user, where it cannot change IF or IOPL any more', () => {
    const m = run({ code: '48 cf', ...frame(TARGET, userCode, rflagsOf('IF'), RSP, userData) });
    expect(m.wasm.cpu.cell('cpl')).toBe(3n);
    expect(m.flags).toBe('IF');
    const user = run({ code: '48 cf', cpl: 3, ...frame(TARGET, userCode, rflagsOf('IF CF') | 0x3000n, RSP, userData) });
    expect(user.flags).toBe('CF');
    expect(user.rflags & 0x3000n).toBe(0n);
  });

  it.each([
    ['CS is no code segment', frame(TARGET, 0x1237n, 2n, RSP, kernelData), '#GP(4660)'],
    ['CS is null', frame(TARGET, 0n, 2n, RSP, kernelData), '#GP(0)'],
    ['SS is damaged', frame(TARGET, kernelCode, 2n, RSP, 0x1233n), '#GP(4656)'],
    ['SS is the kernel but CS the user', frame(TARGET, userCode, 2n, RSP, kernelData), '#GP(24)'],
    ['RIP is not canonical', frame(NON_CANONICAL, kernelCode, 2n, RSP, kernelData), '#GP(0)'],
  ] as const)('is #GP and commits nothing when %s', (_, words, exception) => {
    const m = machineWith({ code: '48 cf', flags: 'IF CF', ...words });
    m.step();
    expect(m.exception).toBe(exception);
    expect([m.rip, m.reg('rsp'), m.flags, m.signals]).toEqual([AT.code, RSP, 'CF IF', '']);
    expect(m.wasm.cpu.cell('cpl')).toBe(0n);
  });

  it('lets nobody return into the kernel from the user', () => {
    const m = run({ code: '48 cf', cpl: 3, ...frame(TARGET, kernelCode, 2n, RSP, kernelData) });
    expect(m.exception).toBe('#GP(16)');
    expect(m.wasm.cpu.cell('cpl')).toBe(3n);
  });

  it('is #GP(0) with NT, and when the frame is not there #PF', () => {
    const good = frame(TARGET, kernelCode, 2n, RSP, kernelData);
    expect(run({ code: '48 cf', flags: 'NT', ...good }).exception).toBe('#GP(0)');
    expect(run({ code: '48 cf', rsp: AT.stack + 0x1ff0n }).exception).toBe('#PF(0) 30002000');
  });
});

describe('IRETQ to the user', () => {
  it('takes the kernel’s selectors out of the data segment registers', () => {
    const frame = [0x401000n, SELECTOR.userCode, 0x202n, 0x7000n, SELECTOR.userData];
    const words = Object.fromEntries(frame.map((value, i) => [`${RSP + 8n * BigInt(i)}`, value]));
    const m = machineWith({ code: '48 cf', words }).with('selectors', 0x0010_002b_0018_0003n).with('fsBase', 5n).step();
    expect([m.cell('selectors'), m.cell('fsBase'), m.cell('cpl')]).toEqual([0x0000_002b_0000_0003n, 5n, 3n]);
  });
});

describe('INT n, INT1 and INTO', () => {
  it('INT n and INT1 are traps behind themselves', () => {
    for (const [code, exception] of [
      ['cd 80', '0x80'],
      ['cd 03', '#BP'],
      ['cd 20', '0x20'],
      ['f1', '#DB'],
    ] as const) {
      const m = run({ code });
      expect([m.exception, m.rip]).toEqual([exception, AT.code + BigInt(code.split(' ').length)]);
    }
  });

  it('INT n needs a gate for the user, which #BP, #OF and 0x80 have; INT1 does not', () => {
    for (const [code, exception] of [
      ['cd 80', '0x80'],
      ['cd 03', '#BP'],
      ['cd 04', '#OF'],
      ['f1', '#DB'],
    ] as const) {
      expect(run({ code, cpl: 3 }).exception).toBe(exception);
    }
    const m = run({ code: 'cd fc', cpl: 3 });
    expect([m.exception, m.rip]).toEqual([`#GP(${0xfc * 8 + 2})`, AT.code]);
    expect(run({ code: 'cd 0e', cpl: 3 }).exception).toBe(`#GP(${14 * 8 + 2})`);
  });

  it('INTO is #UD in 64-bit mode', () => {
    expect(run({ code: 'ce' }).exception).toBe('#UD');
  });
});
