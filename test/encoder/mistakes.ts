import { expect, it } from 'vitest';
import { assemble } from '../../src/encoder/assemble.js';
import type { Syntax } from '../../src/encoder/syntax.js';
import { InputError } from '../../src/input-error.js';

/** A source, its message, the column (from 1, without the indentation of the block), and part of the hint. */
export type Mistake = readonly [source: string, message: string, column: number, hint?: string];

const symbols = new Map([
  ['site', 0xffffffff82000000n],
  ['far', 0x10000000000n],
  ['distant', 0x10000000000n],
]);

/** The error that a block of source gives, which begins in line 5, column 3 of x.yaml. */
export function problemOf(source: string, syntax: Syntax = 'att'): InputError {
  const block = { base: 0xffffffff81000000n, source, file: 'x.yaml', line: 5, column: 3, syntax };
  try {
    assemble([block], symbols);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error(`'${source}' assembles`);
}

/** A test for every mistake. */
export function testMistakes(mistakes: readonly Mistake[], syntax: Syntax): void {
  const cases = mistakes.map(([source, message, column, hint]) => ({ source, message, column, hint }));
  it.each(cases)('$source', ({ source, message, column, hint }) => {
    const error = problemOf(source, syntax);
    const offset = source.split('\n').length > 1 ? 1 : 0;
    expect(error.message).toContain(message);
    expect(error.location).toEqual({ file: 'x.yaml', line: 5 + offset, column: column + 2 });
    expect(error.excerpt).toBe(`  ${source.split('\n')[offset]}`);
    if (hint === undefined) expect(error.hint ?? '').not.toContain('did you mean');
    else expect(error.hint).toContain(hint);
  });
}
