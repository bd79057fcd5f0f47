import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateSymbolExpression, parseSymbolExpression } from '../../src/scenario/expression.js';
import { plainText } from '../../src/scenario/source-text.js';
import { errorLine, errorOf } from './input-error.js';

const symbols = new Map([
  ['worker', 0xffffffff81000000n],
  ['foo.isra.0', 0x1000n],
  ['cpu', 3n],
]);
const location = { file: 'e.yaml', line: 7, column: 10 };

describe('A symbol expression', () => {
  it.each([
    ['worker', 0xffffffff81000000n],
    ['worker+8', 0xffffffff81000008n],
    [' worker - 0x10 + 1 ', 0xffffffff80fffff1n],
    ['foo.isra.0+foo.isra.0', 0x2000n],
    ['cpu', 3n],
    ['100', 100n],
    ['010', 10n],
    ['0o10', 8n],
    ['0b101', 5n],
    ['+5', 5n],
    ['-1', 0xffffffffffffffffn],
    ['0xffffffffffffffff', 0xffffffffffffffffn],
    ['0xffffffffffffffff+2', 1n],
  ])('evaluates modulo 2^64: %s', (text, value) => {
    expect(evaluateSymbolExpression(text, symbols)).toBe(value);
  });

  it.each([
    ['', 'e.yaml:7:10: expected a symbol or an integer, not the end'],
    ['worker+', 'e.yaml:7:17: expected a symbol or an integer, not the end'],
    ['worker 8', "e.yaml:7:17: expected + or -, not '8'"],
    ['worker*8', "e.yaml:7:16: expected + or -, not '*'"],
    ['--1', "e.yaml:7:11: expected a symbol or an integer, not '-'"],
    ['1+-1', "e.yaml:7:12: expected a symbol or an integer, not '-'"],
    ['0x', "e.yaml:7:10: expected a symbol or an integer, not '0x'"],
    ['1f', "e.yaml:7:10: expected a symbol or an integer, not '1f'"],
    ['0x10000000000000000', 'e.yaml:7:10: an integer of more than 64 bits'],
    ['1 + workers', "e.yaml:7:14: unknown symbol 'workers'"],
    ['1+'.repeat(600), 'e.yaml:7:10: an expression of more than 1000 characters'],
  ])('says where it is wrong: %j', (text, message) => {
    expect(errorLine(errorOf(() => evaluateSymbolExpression(text, symbols, location)))).toBe(message);
  });

  it('suggests a symbol', () => {
    expect(errorOf(() => evaluateSymbolExpression('wroker', symbols)).hint).toBe("did you mean 'worker'?");
    expect(errorOf(() => evaluateSymbolExpression('elsewhere', symbols)).hint).toBeUndefined();
  });

  it('knows its place when it comes from a file', () => {
    const error = errorOf(() => evaluateSymbolExpression(plainText('8+x', 'f.yaml'), symbols));
    expect([errorLine(error), error.excerpt]).toEqual(["f.yaml:1:3: unknown symbol 'x'", '8+x']);
  });

  it('has a sum that does not depend on the order of its terms', () => {
    const term = fc.oneof(
      fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }).map(String),
      fc.constantFrom(...symbols.keys()),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('+', '-'), term), { minLength: 1, maxLength: 8 }), (terms) => {
        const write = (list: typeof terms) => list.map((pair) => pair.join('')).join(' ');
        const forwards = evaluateSymbolExpression(write(terms), symbols);
        expect(evaluateSymbolExpression(write([...terms].reverse()), symbols)).toBe(forwards);
        expect(parseSymbolExpression(write(terms))).toHaveLength(terms.length);
      }),
    );
  });
});
