import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/input-error.js';
import { assembledHex } from './hex.js';
import { randomInstruction, textOf } from './random-instructions.js';

function bytesOrNothing(source: string, syntax: 'att' | 'intel'): string | undefined {
  try {
    return assembledHex(source, 0x1000n, new Map(), syntax);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

describe('the same instruction', () => {
  it('has the same bytes in both syntaxes, or does not exist in either', () => {
    let assembled = 0;
    fc.assert(
      fc.property(randomInstruction, (random) => {
        const bytes = bytesOrNothing(textOf(random, 'att'), 'att');
        if (bytes !== undefined) assembled++;
        expect(bytesOrNothing(textOf(random, 'intel'), 'intel')).toBe(bytes);
      }),
      { numRuns: 3000, seed: 12 },
    );
    expect(assembled).toBeGreaterThan(1000);
  });
});
