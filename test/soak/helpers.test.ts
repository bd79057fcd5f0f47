import { describe, expect, it } from 'vitest';
import { buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';
import { helped } from '../search/helped.js';
import { builderOf, KINDS } from '../search/kinds-of-search.js';
import { randomScenario } from '../search/random-scenario.js';
import { expectedVariants } from '../search/verdicts.js';

const SCENARIOS = ['stub.yaml', 'nmi-stack.yaml', 'matrix/text-poke-bp.yaml'];

describe('A search with helpers finds what it finds alone, in the same order', () => {
  it.each(SCENARIOS.flatMap(expectedVariants))('$name', ({ loaded, variant }) => {
    const { alone, together } = helped(() => buildScenario(loaded, { variant }), { helpers: 2, seed: 1 });
    expect(together).toEqual(alone);
  });

  it.each(Object.entries(KINDS))('%s', (_name, kind) => {
    const { alone, together, used } = helped(builderOf(kind), { helpers: 2, seed: 1, states: 2000, ...kind });
    expect(together).toEqual(alone);
    expect(used).toBeGreaterThan(0);
  });

  it('in 30 generated scenarios', () => {
    let all = 0;
    for (let seed = 1; seed <= 30; seed++) {
      const extras = { checks: seed % 2 === 0, alike: seed % 3 === 0 };
      const loaded = loadScenario(randomScenario(seed, extras), `random ${seed}`);
      const { alone, together, used } = helped(() => buildScenario(loaded, {}), { helpers: 2, seed, states: 1500 });
      expect(together).toEqual(alone);
      all += used;
    }
    expect(all).toBeGreaterThan(700);
  });
});
