import { describe, expect, it } from 'vitest';
import { AT, machineWith, stepper, WRITABLE_TEXT } from '../machine-with.js';

const run = stepper();
const LINE = Array.from({ length: 8 }, (_, i) => 0x0101010101010101n * BigInt(i + 1));
const source = (at: bigint = AT.data) => ({
  rsi: at,
  words: Object.fromEntries(LINE.map((word, i) => [`${at + BigInt(8 * i)}`, word])),
});
const target = (m: ReturnType<typeof run>, at: bigint) => LINE.map((_, i) => m.read(at + BigInt(8 * i)));

describe('MOVDIRI', () => {
  it('stores 4 or 8 bytes', () => {
    const long = run({ code: '0f 38 f9 07', rdi: AT.data + 1n, rax: 0x1122334455667788n });
    expect([long.read(AT.data), long.accesses]).toEqual([
      0x5566778800n,
      [{ address: AT.data + 1n, size: 4, kind: 'write' }],
    ]);
    expect(run({ code: '48 0f 38 f9 07', rdi: AT.data, rax: 7n }).read(AT.data)).toBe(7n);
    expect(run({ code: '0f 38 f9 07', rdi: AT.readonly }).exception).toBe('#PF(3) 20002000');
  });
});

describe('MOVDIR64B', () => {
  const code = '66 0f 38 f8 06'; // movdir64b (%rsi),%rax

  it('copies 64 bytes from anywhere to an aligned address', () => {
    const m = run({ code, rax: AT.data + 0x100n, ...source() });
    expect(target(m, AT.data + 0x100n)).toEqual(LINE);
    expect(m.accesses.map(({ kind, size }) => `${kind} ${size}`)).toEqual([
      ...new Array<string>(8).fill('read 8'),
      ...new Array<string>(8).fill('write 8'),
    ]);
    const crossing = AT.data + 0x1000n - 24n;
    expect(target(run({ code, rax: AT.data, ...source(crossing) }), AT.data)).toEqual(LINE);
  });

  it('reads all before it writes', () => {
    const m = run({ code, rax: AT.data, ...source(AT.data + 8n) });
    expect(target(m, AT.data)).toEqual(LINE);
  });

  it('has the address in a register of the address size, without the segment of the source', () => {
    const m = run({ code: `67 64 ${code}`, rax: 0xffffffff00000000n | (AT.data + 0x40n), fsBase: 8n, ...source() });
    expect(m.read(AT.data + 0x40n)).toBe(LINE[1]);
  });

  it('is #GP(0) for an address that is not aligned, before it reads', () => {
    for (const rax of [AT.data + 8n, AT.data + 32n, AT.data + 63n]) {
      const m = run({ code, rax, rsi: 0x1000n });
      expect([m.exception, m.accesses]).toEqual(['#GP(0)', []]);
    }
  });

  it('writes nothing when it may not read, or not write', () => {
    const unread = run({ code, rax: AT.data + 0x40n, rsi: AT.stack + 0x2000n - 8n });
    expect([unread.exception, unread.read(AT.data + 0x40n)]).toEqual(['#PF(0) 30002000', 0n]);
    expect(run({ code, rax: AT.readonly, rsi: AT.data }).exception).toBe('#PF(3) 20002000');
  });

  it('to text is one event, which the next instruction sees', () => {
    // 64 bytes of int3 behind the first line become nops
    const m = machineWith({
      code: `${code} ${'90 '.repeat(59)}${'cc '.repeat(64)} cc`,
      text: WRITABLE_TEXT,
      rax: AT.code + 0x40n,
      rsi: AT.data,
      words: Object.fromEntries(LINE.map((_, i) => [`${AT.data + BigInt(8 * i)}`, 0x9090909090909090n])),
    });
    m.step(1).compareMemory();
    expect(m.wasm.memory.text.now).toBe(1);
    expect(m.step(59 + 64).rip).toBe(AT.code + 0x80n);
    expect(m.step().exception).toBe('#BP');
  });
});
