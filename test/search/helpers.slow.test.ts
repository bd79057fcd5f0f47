import { describe, expect, it } from 'vitest';
import { helped } from './helped.js';
import { builderOf, KINDS } from './kinds-of-search.js';

describe('A search with helpers', () => {
  it.each(Object.entries(KINDS))('finds what it finds alone, in the same order: %s', (_name, kind) => {
    const { alone, together, used } = helped(builderOf(kind), { helpers: 2, seed: 1, states: 2000, ...kind });
    expect(together).toEqual(alone);
    expect(used).toBeGreaterThan(0);
  });

  it('does so whenever answers arrive, and however many helpers there are', () => {
    const build = builderOf({ more: 'profile: amd-apm', workers: 2 });
    for (const [helpers, seed] of [
      [1, 2],
      [3, 3],
      [7, 4],
    ] as const) {
      const { alone, together, used } = helped(build, { helpers, seed, states: 1500 });
      expect(together).toEqual(alone);
      expect(used).toBeGreaterThan(100);
    }
  });
});
