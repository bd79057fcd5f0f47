import { describe, expect, it } from 'vitest';
import { expectationOf, matrix, verdictOf } from '../search/verdicts.js';

describe('the matrix of algorithms and hazards, with NMIs, and where NOPs and calls take turns', () => {
  it.each(matrix('others'))('has the expected verdict: $name', (variant) => {
    expect(verdictOf(variant)).toBe(expectationOf(variant));
  });
});
