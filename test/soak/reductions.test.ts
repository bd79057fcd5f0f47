import { describe, expect, it } from 'vitest';
import { crossCheckGenerated } from '../search/cross-check.js';

describe('Reductions lose nothing', () => {
  it('in 1,000 generated scenarios', () => {
    const seeds = Array.from({ length: 1000 }, (_, seed) => 10_000 + seed);
    const { whole, differences } = crossCheckGenerated(seeds, 4000);
    expect(differences).toEqual([]);
    expect(whole.length).toBeGreaterThan(500);
  });
});
