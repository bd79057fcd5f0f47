import { describe, expect, it } from 'vitest';
import { buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';
import { helped } from './helped.js';
import { builderOf, KINDS } from './kinds-of-search.js';
import { randomScenario } from './random-scenario.js';

describe('A search with helpers', () => {
  // The soak tests do the others.
  it.each([
    'conclusions that were wrong',
    'stale text and subsumption',
    'lines that have a number before they are written',
    'CPUs that are alike',
  ])('finds what it finds alone, in the same order: %s', (name) => {
    const kind = KINDS[name] ?? { more: '' };
    const { alone, together, used } = helped(builderOf(kind), { helpers: 2, seed: 1, states: 700, ...kind });
    expect(together).toEqual(alone);
    expect(used).toBeGreaterThan(0);
  });

  it('does so whenever answers arrive, and however many helpers there are', () => {
    const build = builderOf({ more: 'profile: amd-apm', workers: 2 });
    for (const [helpers, seed] of [
      [1, 2],
      [5, 3],
    ] as const) {
      const { alone, together, used } = helped(build, { helpers, seed, states: 1000 });
      expect(together).toEqual(alone);
      expect(used).toBeGreaterThan(100);
    }
  });

  it('does so where an answer is about a CPU that can do nothing, whatever observers know', () => {
    const loaded = loadScenario(randomScenario(7, { checks: false }), 'random.yaml');
    const { alone, together } = helped(() => buildScenario(loaded, {}), { helpers: 2, seed: 7, states: 1500 });
    expect(together).toEqual(alone);
  });
});
