import { describe, expect, it } from 'vitest';
import { AT, machineWith, NON_CANONICAL, stepper } from '../machine-with.js';

const run = stepper();
const SOURCE = AT.data + 0x100n;
const TARGET = AT.data + 0x200n;
const copy = { rsi: SOURCE, rdi: TARGET, words: { [`${SOURCE}`]: 0x1122334455667788n } };

describe('REP', () => {
  it('executes one iteration a step and keeps RIP until the last', () => {
    // rep movsb
    const m = machineWith({ code: 'f3 a4', rcx: 3n, ...copy });
    const seen = [];
    for (let i = 0; i < 3; i++) {
      m.step();
      seen.push([m.rip - AT.code, m.reg('rcx'), m.reg('rsi') - SOURCE, m.reg('rdi') - TARGET, m.read(TARGET)]);
    }
    expect(seen).toEqual([
      [0n, 2n, 1n, 1n, 0x88n],
      [0n, 1n, 2n, 2n, 0x7788n],
      [2n, 0n, 3n, 3n, 0x667788n],
    ]);
  });

  it('with RCX 0 does nothing, not even touch memory', () => {
    const m = run({ code: 'f3 a4', rcx: 0n, rsi: NON_CANONICAL, rdi: NON_CANONICAL });
    expect([m.exception, m.rip, m.accesses]).toEqual([undefined, AT.code + 2n, []]);
  });

  it('stands at the faulting iteration, with what went before done', () => {
    // rep stosq, the third quadword is on a page that may not be written
    const m = machineWith({ code: 'f3 48 ab', rax: 5n, rcx: 4n, rdi: AT.readonly - 16n }).step(3);
    expect(m.exception).toBe('#PF(3) 20002000');
    expect([m.rip, m.reg('rcx'), m.reg('rdi')]).toEqual([AT.code, 2n, AT.readonly]);
    expect(m.read(AT.readonly - 8n)).toBe(5n);
  });

  it('is the same with either prefix where there is no comparison', () => {
    const m = machineWith({ code: 'f2 a4', rcx: 2n, ...copy }).step(2);
    expect([m.rip, m.read(TARGET)]).toEqual([AT.code + 2n, 0x7788n]);
  });

  it('goes on while equal with REPE, and stops behind the difference', () => {
    // repe cmpsb
    const words = { [`${SOURCE}`]: 0x030201n, [`${TARGET}`]: 0x090201n };
    const m = machineWith({ code: 'f3 a6', rcx: 9n, rsi: SOURCE, rdi: TARGET, words }).step(3);
    expect([m.rip, m.reg('rcx'), m.reg('rsi')]).toEqual([AT.code + 2n, 6n, SOURCE + 3n]);
    expect(m.flags).toContain('CF');
  });

  it('goes on while different with REPNE', () => {
    // repne scasb
    const m = machineWith({ code: 'f2 ae', rax: 0x66n, rcx: 9n, rdi: SOURCE, words: copy.words }).step(3);
    expect([m.rip, m.reg('rcx'), m.flags]).toEqual([AT.code + 2n, 6n, 'PF ZF']);
  });

  it('keeps the flags of the instruction before when RCX is 0', () => {
    expect(run({ code: 'f3 a6', rcx: 0n, flags: 'CF SF' }).flags).toBe('CF SF');
  });

  it('LODS leaves the last element', () => {
    expect(
      machineWith({ code: 'f3 ac', rcx: 3n, ...copy, rax: 0x1100n })
        .step(3)
        .reg('rax'),
    ).toBe(0x1166n);
  });
});

describe('string instructions', () => {
  it('go downwards with DF, by the size of the element', () => {
    // movsb; stosq; lodsw
    const m = run({ code: 'a4', flags: 'DF', ...copy });
    expect([m.reg('rsi'), m.reg('rdi')]).toEqual([SOURCE - 1n, TARGET - 1n]);
    expect(run({ code: '48 ab', flags: 'DF', rdi: TARGET }).reg('rdi')).toBe(TARGET - 8n);
    expect(run({ code: '66 ad', rsi: SOURCE, rax: -1n, words: copy.words }).reg('rax')).toBe(0xffffffffffff7788n);
  });

  it('move across pages at both ends', () => {
    // movsq from one page boundary to another
    const [from, to] = [AT.data + 0xffdn, AT.stack + 0xfffn];
    const words = { [`${from}`]: 0x1122334455667788n };
    const m = run({ code: '48 a5', rsi: from, rdi: to, words });
    expect(m.read(to)).toBe(0x1122334455667788n);
    expect(m.accesses).toEqual([
      { address: from, size: 8, kind: 'read' },
      { address: to, size: 8, kind: 'write' },
    ]);
  });

  it('move nothing when the second page of the destination faults', () => {
    const m = run({ code: '48 a5', rsi: SOURCE, rdi: AT.readonly - 4n, words: copy.words });
    expect(m.exception).toBe('#PF(3) 20002000');
    expect([m.reg('rsi'), m.reg('rdi')]).toEqual([SOURCE, AT.readonly - 4n]);
    expect(m.read(AT.readonly - 8n)).toBe(0n);
  });

  it('copy overlapping bytes element by element', () => {
    const m = machineWith({ code: 'f3 a4', rcx: 7n, rsi: SOURCE, rdi: SOURCE + 1n, words: copy.words }).step(7);
    expect(m.read(SOURCE)).toBe(0x8888888888888888n);
  });

  it('add the base of FS to the source only', () => {
    // fs lodsb; fs movsb
    expect(run({ code: '64 ac', fsBase: 1n, ...copy }).reg('rax')).toBe(0x77n);
    const m = run({ code: '64 a4', fsBase: 2n, ...copy });
    expect(m.read(TARGET, 1)).toBe(0x66n);
    expect(run({ code: '64 aa', fsBase: 2n, rax: 9n, rdi: TARGET }).read(TARGET, 1)).toBe(9n);
  });

  it('with an address-size prefix use ESI, EDI and ECX, and clear their upper halves', () => {
    // addr32 rep movsb, with dirt above
    const dirt = 0x5500000000n;
    const m = run({ code: '67 f3 a4', ...copy, rcx: dirt + 2n, rsi: dirt + SOURCE, rdi: dirt + TARGET });
    expect([m.rip, m.reg('rcx'), m.reg('rsi'), m.reg('rdi')]).toEqual([AT.code, 1n, SOURCE + 1n, TARGET + 1n]);
    expect(m.step().read(TARGET)).toBe(0x7788n);
    expect(m.rip).toBe(AT.code + 3n);
    expect(run({ code: '67 f3 aa', rcx: dirt, rdi: NON_CANONICAL }).rip).toBe(AT.code + 3n);
  });

  it('with an address-size prefix wrap around at 32 bits, before the base of FS is added', () => {
    // addr32 lodsb downwards from 0; addr32 fs lodsb
    const down = run({ code: '67 ac', rsi: 1n << 32n, flags: 'DF', words: { [`${0n}`]: 0x66n } });
    expect([down.reg('rax'), down.reg('rsi')]).toEqual([0x66n, 0xffffffffn]);
    expect(run({ code: '67 64 ac', fsBase: SOURCE, rsi: (7n << 32n) + 1n, words: copy.words }).reg('rax')).toBe(0x77n);
  });
});
