import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonText } from '../../src/report/json-text.js';
import { assemblyListing, codeLines, hexLines } from '../../src/report/listing.js';
import { grouped, quantity } from '../../src/report/quantity.js';
import { clip, safeText, wrap } from '../../src/report/safe-text.js';

describe('quantities', () => {
  it('have their thousands apart and their plural', () => {
    expect([0, 999, 1000, 1234567].map(grouped)).toEqual(['0', '999', '1,000', '1,234,567']);
    expect([quantity(1, 'step'), quantity(2, 'step'), quantity(0, 'step')]).toEqual(['1 step', '2 steps', '0 steps']);
  });
});

describe('text', () => {
  it('is cut, wrapped and made safe', () => {
    expect(clip('abcdef', 6)).toBe('abcdef');
    expect(clip('abcdefg', 6)).toBe('abcd..');
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('extraordinary', 5)).toEqual(['extraordinary']);
    expect(safeText('a\u001b[31mb\u0000\u009b')).toBe('a\u00b7[31mb\u00b7\u00b7');
  });
});

describe('JSON text', () => {
  it('reads back as what it was', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(JSON.parse(jsonText(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('has short lists of plain values in one line', () => {
    const long = Array.from({ length: 60 }, (_, i) => i);
    expect(jsonText({ a: [1, 2], b: [[1]], c: {}, d: [], e: undefined })).toBe(
      '{\n  "a": [1, 2],\n  "b": [\n    [1]\n  ],\n  "c": {},\n  "d": []\n}\n',
    );
    expect(jsonText(long).split('\n')).toHaveLength(63);
  });
});

describe('listings', () => {
  it('have seven bytes a line', () => {
    const bytes = Uint8Array.of(0x48, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8);
    expect(codeLines(0x1000n, bytes, 'movabs $0x807060504030201,%rax')).toEqual([
      '0000000000001000:  48 b8 01 02 03 04 05  movabs $0x807060504030201,%rax',
      '0000000000001007:  06 07 08',
    ]);
  });

  it('count the bytes of long data', () => {
    const lines = codeLines(0n, new Uint8Array(1000), '.skip 1000');
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe('                   ... and 936 more bytes');
  });

  it('have labels above what they name, the end included', () => {
    const lines = assemblyListing(
      0n,
      Uint8Array.of(0x90, 0xc3),
      [
        { address: 0n, length: 1, text: 'nop', line: 1 },
        { address: 1n, length: 1, text: 'ret', line: 2 },
      ],
      new Map([
        ['f', 0n],
        ['end', 2n],
      ]),
    );
    expect([...lines]).toEqual([
      '0000000000000000 <f>:',
      '0000000000000000:  90                    nop',
      '0000000000000001:  c3                    ret',
      '0000000000000002 <end>:',
    ]);
  });

  it('have sixteen bytes a line in hex', () => {
    expect([...hexLines(new Uint8Array(17))]).toEqual([Array(16).fill('00').join(' '), '00']);
  });
});
