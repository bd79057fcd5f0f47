import { describe, expect, it } from 'vitest';
import { estimateOf, missed, searched } from '../search/estimates.js';

describe('the estimate of a larger search', () => {
  it.each([
    ['stub.yaml', 'sti', 3000, 10],
    ['matrix/text-poke-bp.yaml', 'call-h7', 3000, 10],
    ['matrix/stub-static.yaml', 'call-h7', 3000, 10],
    ['matrix/int3-skips.yaml', 'nop-h8a', 20_000, 10],
    ['deferred-sync.yaml', 'reaches-all', 20_000, 10],
    ['rcu-tasks.yaml', 'rude-without-preemption', 20_000, 100],
  ])('holds what it counts: %s %s, from %i states, and is less than %i times it', (file, variant, budget, times) => {
    const search = searched(file, variant);
    const estimate = estimateOf(file, variant, budget);
    expect([estimate.end, missed(estimate, search)]).toEqual([undefined, []]);
    expect(estimate.states.high).toBeLessThan(times * search.counts.states);
  });
});
