import { expect, it } from 'vitest';
import { compareGenerated } from '../search/fewest-preemptions-generated.js';

it('The fewest preemptions are those that a search by lengths finds, in 100 generated scenarios', () => {
  const { compared, fewer } = compareGenerated(20_000, 100);
  expect(compared).toBeGreaterThan(10);
  expect(fewer).toBeGreaterThan(10);
});
