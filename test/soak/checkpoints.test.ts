import { describe, expect, it } from 'vitest';
import { buildScenario } from '../../src/scenario/build/build.js';
import { resumed } from '../search/resumed.js';
import { expectedVariants } from '../search/verdicts.js';

const SCENARIOS = [
  'deferred-sync.yaml',
  'nmi-stack.yaml',
  'progress.yaml',
  'rcu-tasks.yaml',
  'stub.yaml',
  'matrix/memcpy.yaml',
  'matrix/text-poke-bp.yaml',
];

describe('A search that is stopped, written down and read back every few thousand states', () => {
  it.each(SCENARIOS.flatMap(expectedVariants))('finds what it finds at once: $name', ({ loaded, variant }) => {
    const { whole, resumed: pieced } = resumed(() => buildScenario(loaded, { variant }), { most: 3000, seed: 1 });
    expect(pieced).toEqual(whole);
  });
});
