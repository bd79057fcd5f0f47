import { describe, expect, it } from 'vitest';
import { buildScenario } from '../../src/scenario/build/build.js';
import { crossCheck } from '../../src/search/cross-check.js';
import { ALL_REDUCTIONS, REDUCTIONS, type Reduction } from '../../src/search/reduction/reductions.js';
import { crossCheckGenerated } from './cross-check.js';
import { expectedVariants } from './verdicts.js';

/** Of the matrix every so many; the soak tests compare the others. */
const NTH = 12;
const some = [...expectedVariants('.'), ...expectedVariants('matrix').filter((_, i) => i % NTH === 0)];
/** A variant with more states is left to the soak tests and to `xmc check --cross-check`. */
const STATES = 2200;

describe('Reductions lose nothing', () => {
  it('of the verdicts of committed scenarios that are small enough, and reach the same contents of shared memory', () => {
    let [whole, states, unreduced] = [0, 0, 0];
    for (const { loaded, variant, name } of some) {
      const limits = { states: STATES, memory: 2 ** 31 };
      const result = crossCheck(() => buildScenario(loaded, { variant }), ALL_REDUCTIONS, limits);
      expect([name, result.difference]).toEqual([name, undefined]);
      if (result.isPartial) continue;
      whole++;
      states += result.states;
      unreduced += result.unreduced;
    }
    expect(whole).toBeGreaterThan(25);
    expect(states).toBeLessThan(unreduced / 1.3);
  });

  it('in 200 generated scenarios, which fit in part and are violated in many ways', () => {
    const seeds = Array.from({ length: 200 }, (_, seed) => 5000 + seed);
    const { whole, differences } = crossCheckGenerated(seeds, 800);
    expect(differences).toEqual([]);
    expect(whole.length).toBeGreaterThan(60);
    expect(new Set(whole.map(({ verdict }) => verdict.replace(/ after.*/, ''))).size).toBeGreaterThan(4);
  });

  it('where MFENCE serialises though nothing was stored yet', () => {
    expect(crossCheckGenerated([10_047], 3000).differences).toEqual([]);
  });

  it('in 24 generated scenarios with workers that begin alike', () => {
    const seeds = Array.from({ length: 24 }, (_, seed) => 20_000 + seed);
    const { whole, differences } = crossCheckGenerated(seeds, 3000, ALL_REDUCTIONS, { checks: false, alike: true });
    expect(differences).toEqual([]);
    expect(whole.length).toBeGreaterThan(8);
  });

  it.each(Object.keys(REDUCTIONS) as Reduction[])('and nothing without %s', (name) => {
    const others = new Set([...ALL_REDUCTIONS].filter((other) => other !== name));
    const seeds = Array.from({ length: 3 }, (_, seed) => 6000 + seed);
    expect(crossCheckGenerated(seeds, 1000, others).differences).toEqual([]);
  });
});
