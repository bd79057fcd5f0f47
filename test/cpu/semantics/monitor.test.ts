import { describe, expect, it } from 'vitest';
import { CR4 } from '../../../src/cpu/cells.js';
import { AT, machineWith, NON_CANONICAL, stepper } from '../machine-with.js';

const NOWHERE = 0x20010000n;
const run = stepper();

describe('MONITOR and MWAIT', () => {
  it('MONITOR reads a byte at RAX, MWAIT goes on at once', () => {
    const m = run({ code: '0f 01 c8', rax: AT.data });
    expect([m.exception, m.accesses]).toEqual([undefined, [{ address: AT.data, size: 1, kind: 'read' }]]);
    expect(run({ code: '0f 01 c8', rax: NOWHERE }).exception).toBe('#PF(0) 20010000');
    expect(run({ code: '67 0f 01 c8', rax: NON_CANONICAL + AT.data }).accesses[0]?.address).toBe(AT.data);
    expect(run({ code: '64 0f 01 c8', rax: AT.data, fsBase: 8n }).accesses[0]?.address).toBe(AT.data + 8n);
    expect(run({ code: '0f 01 c9', rcx: 1n })).toMatchObject({ exception: undefined, signals: '', rip: AT.code + 3n });
  });

  it('refuse extensions that do not exist, and are #UD in the user', () => {
    expect(run({ code: '0f 01 c8', rax: AT.data, rcx: 1n }).exception).toBe('#GP(0)');
    expect(run({ code: '0f 01 c9', rcx: 2n }).exception).toBe('#GP(0)');
    for (const code of ['0f 01 c8', '0f 01 c9']) expect(run({ code, rax: AT.data, cpl: 3 }).exception).toBe('#UD');
  });
});

describe('MONITORX and MWAITX', () => {
  it('do the same for the user, with a timeout that ends at once', () => {
    const m = run({ code: '0f 01 fa', rax: AT.data, cpl: 3 });
    expect([m.exception, m.accesses]).toEqual([undefined, [{ address: AT.data, size: 1, kind: 'read' }]]);
    expect(run({ code: '67 65 0f 01 fa', rax: NON_CANONICAL + AT.data, gsBase: 1n }).accesses[0]?.address).toBe(
      AT.data + 1n,
    );
    expect(run({ code: '0f 01 fb', rcx: 3n, cpl: 3 })).toMatchObject({ exception: undefined, rip: AT.code + 3n });
    expect(run({ code: '0f 01 fb', rcx: 4n }).exception).toBe('#GP(0)');
    expect(run({ code: '0f 01 fa', rax: AT.data, rcx: 1n }).exception).toBe('#GP(0)');
  });
});

describe('UMONITOR, UMWAIT and TPAUSE', () => {
  it('UMONITOR reads a byte at its operand, of the address size, through the segment', () => {
    // umonitor %rax; umonitor %eax; fs umonitor %rax
    expect(run({ code: 'f3 0f ae f0', rax: AT.data, cpl: 3 }).accesses).toEqual([
      { address: AT.data, size: 1, kind: 'read' },
    ]);
    expect(run({ code: '67 f3 0f ae f0', rax: NON_CANONICAL + AT.data }).accesses[0]?.address).toBe(AT.data);
    expect(run({ code: '64 f3 0f ae f0', rax: AT.data, fsBase: 16n }).accesses[0]?.address).toBe(AT.data + 16n);
    expect(run({ code: 'f3 0f ae f0', rax: NOWHERE }).exception).toBe('#PF(0) 20010000');
    expect(run({ code: 'f3 0f ae f0', rax: NON_CANONICAL }).exception).toBe('#GP(0)');
  });

  // umwait %ebx; tpause %ebx
  it.each(['f2 0f ae f3', '66 0f ae f3'])('%s ends at once, not by a time limit: all status flags 0', (code) => {
    const m = run({ code, rbx: 1n, cpl: 3, flags: 'CF PF AF ZF SF OF' });
    expect([m.exception, m.flags, m.rip]).toEqual([undefined, '', AT.code + 4n]);
    expect(run({ code, rbx: 0x100000000n }).exception).toBeUndefined();
  });

  it.each(['f2 0f ae f3', '66 0f ae f3'])(
    '%s is #GP(0) for reserved bits, and in the user if CR4.TSD is set',
    (code) => {
      expect(run({ code, rbx: 2n }).exception).toBe('#GP(0)');
      expect(machineWith({ code, cpl: 3 }).with('cr4', CR4.tsd).step().exception).toBe('#GP(0)');
      expect(machineWith({ code }).with('cr4', CR4.tsd).step().exception).toBeUndefined();
    },
  );
});
