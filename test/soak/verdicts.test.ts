import { describe, expect, it } from 'vitest';
import { expectationOf, matrix, verdictOf } from '../search/verdicts.js';

describe('the rest of the matrix of algorithms and hazards', () => {
  it.each(matrix('others'))('has the expected verdict: $name', (variant) => {
    expect(verdictOf(variant)).toBe(expectationOf(variant));
  });
});
