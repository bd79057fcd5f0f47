import { describe, expect, it } from 'vitest';
import { assemble, assembleInstruction } from '../../src/encoder/assemble.js';
import { assembledHex, hex } from './hex.js';

describe('blocks', () => {
  it('see the labels of each other', () => {
    const { blocks, symbols } = assemble([
      { base: 0xffffffff8100c0bcn, source: 'site: call.rel32 old\nafter: nop\n jmp.rel8 done\ndone: hlt' },
      { base: 0xffffffff82000000n, source: 'old: mov $1, %eax\n ret\nnew_a: mov $2, %eax\n ret' },
    ]);
    expect(blocks.map(({ bytes }) => hex(bytes))).toEqual(['e83f3fff0090eb00f4', 'b801000000c3b802000000c3']);
    expect(Object.fromEntries(symbols)).toEqual({
      site: 0xffffffff8100c0bcn,
      after: 0xffffffff8100c0c1n,
      done: 0xffffffff8100c0c4n,
      old: 0xffffffff82000000n,
      new_a: 0xffffffff82000006n,
    });
  });

  it('keep their order and their bases', () => {
    const { blocks } = assemble([
      { base: 0x2000n, source: 'ret' },
      { base: 0x1000n, source: '' },
    ]);
    expect(blocks.map(({ base, bytes, lines }) => [base, bytes.length, lines.length])).toEqual([
      [0x2000n, 1, 1],
      [0x1000n, 0, 0],
    ]);
  });

  it('tell for every statement that makes bytes where it is', () => {
    const source = 'start:  # here\n  nop; ret\n\n  .long 1, 2  // data\nend:\n  .skip 0';
    const { blocks } = assemble([{ base: 0x1000n, source, file: 'a.yaml', line: 10, column: 7 }]);
    expect(blocks[0]?.lines).toEqual([
      { address: 0x1000n, length: 1, text: 'nop', line: 11 },
      { address: 0x1001n, length: 1, text: 'ret', line: 11 },
      { address: 0x1002n, length: 8, text: '.long 1, 2', line: 13 },
    ]);
  });

  it('may jump into each other with a short branch', () => {
    const { blocks } = assemble([
      { base: 0x1000n, source: 'jmp b' },
      { base: 0x1040n, source: 'b: nop' },
    ]);
    expect(hex(blocks[0]?.bytes ?? new Uint8Array())).toBe('eb3e');
  });

  it('have addresses that wrap around at 2^64', () => {
    expect(assembledHex('a: jmp.rel32 b', 0xfffffffffffffff0n, new Map([['b', 5n]]))).toBe('e910000000');
  });
});

describe('labels', () => {
  it('can stand in front of anything, several at once', () => {
    const { symbols } = assemble([{ base: 0n, source: 'nop; a: b: c: ret; d:' }]);
    expect([...symbols]).toEqual([
      ['a', 1n],
      ['b', 1n],
      ['c', 1n],
      ['d', 2n],
    ]);
  });

  it('can be numeric and used again', () => {
    expect(assembledHex('1: jmp 1f; 1: jmp 1b; jmp 1f; 1: jmp 1b')).toBe('eb00ebfeeb00ebfe');
  });

  it('go before outside symbols of the same name', () => {
    expect(assembledHex('here: call.rel32 here', 0n, new Map([['here', 0x1000n]]))).toBe('e8fbffffff');
  });

  it('have distances that are short immediates only where nothing in between can change its length', () => {
    expect(assembledHex('a: nop; b: add $(b-a),%eax')).toBe('9083c001');
    expect(assembledHex('a: jmp 1f; 1: add $(1b-a),%eax')).toBe('eb000502000000');
  });
});

describe('assigned symbols', () => {
  it('have their value from the assignment on, and can change it', () => {
    expect(assembledHex('x = 1; .byte x; x = x + 1; .byte x; .set x, 7; .byte x')).toBe('010207');
  });

  it('can stand for places', () => {
    const { blocks, symbols } = assemble([{ base: 0x1000n, source: 'nop; here = .; nop; .quad here - 1, . - here' }]);
    expect(hex(blocks[0]?.bytes ?? new Uint8Array())).toBe('909000100000000000000900000000000000');
    expect([...symbols]).toEqual([['here', 0x1001n]]);
  });

  it('can stand for each other, but not without end', () => {
    const chain = (length: number) =>
      [...Array.from({ length }, (_, i) => `a${i} = a${i + 1} + 1`), `a${length}: .quad a0`].join('\n');
    expect(assembledHex(chain(400))).toBe('9001000000000000');
    for (const length of [501, 700, 1001, 3000]) expect(() => assembledHex(chain(length))).toThrow('too many symbols');
  });

  it('make long fields where they are used before', () => {
    expect(assembledHex('push $x; x = 3; push $x')).toBe('68030000006a03');
  });
});

describe('explicit lengths', () => {
  it('choose the form', () => {
    expect(assembledHex('push.imm8 $1; push.imm32 $1')).toBe('6a016801000000');
    expect(assembledHex('mov.imm32 $1,%rax; mov.imm64 $1,%rax')).toBe('48c7c00100000048b80100000000000000');
    expect(assembledHex('add.imm32 $1,%eax; add.imm32 $1,%ecx; add.imm8 $1,%eax')).toBe('050100000081c10100000083c001');
    expect(assembledHex('int.imm8 $3')).toBe('cd03');
    expect(assembledHex('call.rel32 .')).toBe('e8fbffffff');
  });

  it('make the NOPs of every length that the kernel uses', () => {
    expect(assembledHex('nopl.disp8 0(%rax); nopl.disp8 0(%rax,%rax,1); nopw.disp8 0(%rax,%rax,1)')).toBe(
      '0f1f40000f1f440000660f1f440000',
    );
    expect(assembledHex('nopl.disp32 0(%rax); nopl.disp32 0(%rax,%rax,1)')).toBe('0f1f80000000000f1f840000000000');
  });

  it('let an immediate byte be a symbol', () => {
    expect(assembledHex('push.imm8 $x', 0n, new Map([['x', 5n]]))).toBe('6a05');
  });
});

describe('prefixes', () => {
  it('can be repeated, as in the static call that returns 0', () => {
    expect(assembledHex('cs cs cs xorl %eax,%eax')).toBe('2e2e2e31c0');
    expect(assembledHex('data16 data16 nopw.disp32 0(%rax,%rax,1)')).toBe('6666660f1f840000000000');
  });

  it('can stand alone', () => {
    expect(assembledHex('lock; rep\n cs\n rex.wb')).toBe('f0f32e49');
  });

  it('count in the distances behind them', () => {
    expect(assembledHex('cs cs call.rel32 .; 1: ds jne 1b')).toBe('2e2ee8f9ffffff3e75fd');
  });
});

describe('assembleInstruction', () => {
  it('gives the bytes of one instruction at an address', () => {
    const symbols = new Map([['new_a', 0xffffffff82000006n]]);
    expect(hex(assembleInstruction('call.rel32 new_a', 0xffffffff8100c0bcn, symbols))).toBe('e8453fff00');
    expect(hex(assembleInstruction('jmp new_a', 0xffffffff82000000n, symbols))).toBe('e901000000');
    expect(hex(assembleInstruction('  sti  # shadow', 0n))).toBe('fb');
  });

  it.each(['', 'nop; nop', 'a:', 'a: nop', 'x = 1', '# nothing'])('refuses %j', (text) => {
    expect(() => assembleInstruction(text, 0n)).toThrow('expected exactly one instruction');
  });
});

describe('the same source', () => {
  it('gives the same bytes every time', () => {
    const source = '1: jmp 1b; mov site(%rip),%rax; .balign 16; .quad site';
    const symbols = new Map([['site', 0x1234n]]);
    expect(assembledHex(source, 0x1000n, symbols)).toBe(assembledHex(source, 0x1000n, symbols));
  });
});
