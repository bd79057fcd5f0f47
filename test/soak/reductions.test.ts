import { describe, expect, it } from 'vitest';
import { buildScenario } from '../../src/scenario/build/build.js';
import { crossCheck } from '../../src/search/cross-check.js';
import { ALL_REDUCTIONS, REDUCTIONS, type Reduction } from '../../src/search/reduction/reductions.js';
import { crossCheckGenerated } from '../search/cross-check.js';
import { expectedVariants } from '../search/verdicts.js';

const LIMITS = { states: 12_000, memory: 2 ** 31 };

describe('Reductions lose nothing', () => {
  it.each(expectedVariants('matrix'))('of $name, where it is small enough', ({ loaded, variant }) => {
    expect(crossCheck(() => buildScenario(loaded, { variant }), ALL_REDUCTIONS, LIMITS).difference).toBeUndefined();
  });

  it('in 300 generated scenarios with workers that begin alike', () => {
    const seeds = Array.from({ length: 300 }, (_, seed) => 40_000 + seed);
    const { whole, differences } = crossCheckGenerated(seeds, 3000, ALL_REDUCTIONS, { checks: false, alike: true });
    expect(differences).toEqual([]);
    expect(whole.length).toBeGreaterThan(100);
  });

  it('in 150 generated scenarios under NMIs and machine checks', () => {
    const seeds = Array.from({ length: 150 }, (_, seed) => 60_000 + seed);
    const { whole, differences } = crossCheckGenerated(seeds, 2500, ALL_REDUCTIONS, {
      checks: false,
      interrupts: true,
    });
    expect(differences).toEqual([]);
    expect(whole.length).toBeGreaterThan(50);
  });

  it('in 300 generated scenarios with expressions', () => {
    const seeds = Array.from({ length: 300 }, (_, seed) => 50_000 + seed);
    expect(crossCheckGenerated(seeds, 1500, ALL_REDUCTIONS, {}).differences).toEqual([]);
  });

  it('in 1,000 generated scenarios', () => {
    const seeds = Array.from({ length: 1000 }, (_, seed) => 10_000 + seed);
    const { whole, differences } = crossCheckGenerated(seeds, 2000);
    expect(differences).toEqual([]);
    expect(whole.length).toBeGreaterThan(400);
  });

  it.each(Object.keys(REDUCTIONS) as Reduction[])('and nothing without %s', (name) => {
    const others = new Set([...ALL_REDUCTIONS].filter((other) => other !== name));
    const seeds = Array.from({ length: 6 }, (_, seed) => 6003 + seed);
    expect(crossCheckGenerated(seeds, 1000, others).differences).toEqual([]);
  });

  it.each(Object.keys(REDUCTIONS) as Reduction[])('and nothing with %s alone', (name) => {
    const seeds = Array.from({ length: 6 }, (_, seed) => 7000 + seed);
    expect(crossCheckGenerated(seeds, 1000, new Set([name])).differences).toEqual([]);
  });
});
