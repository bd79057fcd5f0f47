import { describe, expect, it } from 'vitest';
import { COHERENT } from '../../src/cpu/fetch.js';
import { Memory } from '../../src/memory/memory.js';
import { DATA, TEXT } from '../../src/memory/page.js';
import { AT, hex, machineWith, NON_CANONICAL, WRITABLE_TEXT } from './machine-with.js';

const END = AT.code + 0x1000n;
/** Code that ends where its page ends. */
const atEnd = (code: string) => ({ code, at: END - BigInt(hex(code).length) });

describe('the coherent fetch', () => {
  it('gives 15 bytes, of two pages where needed, with their places', () => {
    const memory = new Memory(4);
    memory.map(0x2000n, 1n, TEXT, Uint8Array.of(9, 9, 9));
    memory.map(0x1000n, 1n, TEXT);
    const { bytes, offsets, end } = COHERENT.fetch(memory, 0, 0x1ff5n);
    expect(Array.from(bytes)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 0]);
    expect(offsets).toEqual(Array.from(bytes, (_, i) => memory.offsetOf(0x1ff5n + BigInt(i))));
    expect(end).toBeUndefined();
  });

  it('ends where text ends', () => {
    const memory = new Memory(4);
    memory.map(0x1000n, 1n, TEXT);
    memory.map(0x2000n, 1n, DATA);
    expect(COHERENT.fetch(memory, 0, 0x1ffen)).toMatchObject({ bytes: new Uint8Array(2), end: 0x2000n });
    expect(COHERENT.fetch(memory, 0, 0x2000n)).toEqual({ bytes: new Uint8Array(), offsets: [], end: 0x2000n });
  });
});

describe('a fetch that faults', () => {
  it('from a page that is not there is #PF at RIP, with the bits for fetch and user', () => {
    const m = machineWith({ code: 'ff e0', rax: 0x12345678n }).step(2);
    expect(m.exception).toBe('#PF(16) 12345678');
    expect(m.rip).toBe(0x12345678n);
    expect(machineWith({ code: 'ff e0', rax: 0x12345678n, cpl: 3 }).step(2).exception).toBe('#PF(20) 12345678');
  });

  it('from a page that may not be executed says that the page is present', () => {
    expect(machineWith({ code: 'ff e0', rax: AT.data + 5n }).step(2).exception).toBe('#PF(17) 20000005');
  });

  it('from a non-canonical RIP is #GP(0)', () => {
    const m = machineWith({ code: '90' }).both(({ cpu }) => {
      cpu.rip = NON_CANONICAL;
    });
    expect(m.step().exception).toBe('#GP(0)');
    expect(m.rip).toBe(NON_CANONICAL);
  });

  it('behind the last canonical address is #GP(0), also in the middle of an instruction', () => {
    // nop, then the first byte of a 5-byte instruction
    const m = machineWith({ code: '90 b8', at: 0x00007ffffffffffen }).step();
    expect(m.status).toBe(0);
    expect(m.step().exception).toBe('#GP(0)');
    expect(m.rip).toBe(0x00007fffffffffffn);
  });

  it('behind the last canonical address is over when other bytes are there', () => {
    const m = machineWith({ code: 'b8', at: 0x00007fffffffffffn }).step();
    expect(m.exception).toBe('#GP(0)');
    m.both(({ memory }) => memory.storeBytes(0x00007fffffffffffn, hex('90')));
    expect(m.step().status).toBe(0);
    expect(m.rip).toBe(0x0000800000000000n);
  });

  it('of more than 15 bytes is #GP(0), also where text ends behind them', () => {
    const long = `${'66 '.repeat(15)}90`;
    expect(machineWith({ code: long }).step().exception).toBe('#GP(0)');
    expect(machineWith(atEnd('66 '.repeat(15))).step().exception).toBe('#GP(0)');
    expect(machineWith(atEnd('66 '.repeat(14))).step().exception).toBe('#PF(16) 10001000');
  });

  it('is #PF with CR2 at the page that the instruction runs into', () => {
    // mov $imm32,%eax cut after 1 to 4 bytes
    for (const code of ['b8', 'b8 01', 'b8 01 02 03', '66 66 66 66 66', 'f0 0f', 'c5 f8', '0f 3a', '0f 71', 'f0 f7']) {
      const m = machineWith(atEnd(code)).step();
      expect(m.exception, code).toBe('#PF(16) 10001000');
      expect(m.rip).toBe(END - BigInt(hex(code).length));
    }
  });

  it('does not happen when the instruction ends with the page', () => {
    const m = machineWith(atEnd('b8 01 02 03 04')).step();
    expect([m.exception, m.reg('rax'), m.rip]).toEqual([undefined, 0x04030201n, END]);
    expect(m.step().exception).toBe('#PF(16) 10001000');
  });

  it('does not happen when the bytes before the end are undefined whatever follows', () => {
    for (const code of ['06', '0f 04', 'f0 90', '0f 0b', 'fe f8', '66 66 60']) {
      expect(machineWith(atEnd(code)).step().exception, code).toBe('#UD');
    }
  });

  it('is #PF for the second page when it may not be executed', () => {
    const m = machineWith({ code: 'b8 01', at: AT.data - 2n }).step();
    expect(m.exception).toBe('#PF(17) 20000000');
  });
});

describe('an instruction across two pages', () => {
  it('is fetched from both', () => {
    const m = machineWith({ code: 'b8 11 22 33 44', at: END - 3n }).step();
    expect([m.reg('rax'), m.rip]).toEqual([0x44332211n, END + 2n]);
  });

  it('changes when its last byte, on the second page, changes', () => {
    // mov %al,(%rdi); then the loop back; mov $0x44332211,%eax lies across
    const m = machineWith({ code: 'b8 11 22 33 44', at: END - 3n, text: WRITABLE_TEXT }).step();
    m.both(({ memory, cpu }) => {
      memory.storeBytes(END + 1n, Uint8Array.of(0x99));
      cpu.rip = END - 3n;
    });
    expect(m.step().reg('rax')).toBe(0x99332211n);
  });
});

describe('pages that are mapped later', () => {
  it('are seen by a fetch that faulted before', () => {
    const m = machineWith({ code: 'ff e0', rax: 0x50000000n }).step(2);
    expect(m.exception).toBe('#PF(16) 50000000');
    m.both(({ memory }) => memory.map(0x50000000n, 1n, TEXT, hex('b0 07')));
    expect(m.step().reg('rax')).toBe(0x50000007n);
  });

  it('are seen by an instruction that was cut off before', () => {
    const m = machineWith(atEnd('b8 01')).step();
    expect(m.exception).toBe('#PF(16) 10001000');
    m.both(({ memory }) => memory.map(END, 1n, TEXT, hex('02 03 04')));
    expect(m.step().reg('rax')).toBe(0x04030201n);
  });
});
