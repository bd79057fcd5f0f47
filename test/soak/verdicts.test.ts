import { describe, expect, it } from 'vitest';
import { expectationOf, expectedVariants, verdictOf } from '../search/verdicts.js';

const matrix = expectedVariants('matrix').filter(({ scenario }) => scenario.budgets.nmi > 0);

describe('the matrix of algorithms and hazards, with NMIs', () => {
  it.each(matrix)('has the expected verdict: $name', (variant) => {
    expect(verdictOf(variant)).toBe(expectationOf(variant));
  });
});
