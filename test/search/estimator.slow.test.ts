import { describe, expect, it } from 'vitest';
import { estimateOf, holds, missed, searched } from './estimates.js';

describe('the estimate of a search', () => {
  it.each([
    ['text-poke-bp-desc.yaml', 'coherent'],
    ['text-poke-bp-desc.yaml', 'no-sync3'],
  ])('is exact where the search ends within the budget: %s %s', (file, variant) => {
    const { end, counts } = searched(file, variant);
    const { states, transitions, depth } = counts;
    const { end: estimated, ...ranges } = estimateOf(file, variant, 20_000);
    expect(estimated).toEqual(end);
    expect(ranges).toMatchObject({
      states: { low: states, high: states },
      transitions: { low: transitions, high: transitions },
      depth: { low: depth, high: depth },
    });
  });

  it('holds what the search counts, from a small part of it, each time the same', () => {
    const search = searched('text-poke-bp-desc.yaml', 'two-workers');
    const estimate = estimateOf('text-poke-bp-desc.yaml', 'two-workers', 1000);
    expect([estimate.end, missed(estimate, search)]).toEqual([undefined, []]);
    // A range that holds everything would say nothing.
    const { states } = search.counts;
    expect(states).toBeGreaterThan(5000);
    expect(estimate.states.high).toBeLessThan(10 * states);
    expect(estimateOf('text-poke-bp-desc.yaml', 'two-workers', 1000)).toEqual(estimate);
  });

  it('has no upper bound where the samples do not end', () => {
    const { end, states, transitions, depth, memory } = estimateOf('call-swap.yaml', 'text-poke-bp', 200);
    expect(end).toBeUndefined();
    expect([states, transitions, depth, memory].map(({ high }) => high)).toEqual(Array(4).fill(undefined));
    expect(states.low).toBeGreaterThan(200);
  });

  it('says after how many steps a sample violates a property', () => {
    const { sampleEnd, depth, states } = estimateOf('text-poke-bp-desc.yaml', 'no-sync3', 150);
    const { counts } = searched('text-poke-bp-desc.yaml', 'no-sync3');
    expect(sampleEnd?.what).toBe('int3-handled is violated');
    expect(depth.high).toBe(sampleEnd?.steps);
    expect([holds(depth, counts.depth), holds(states, counts.states)]).toEqual([true, true]);
  });
});
