import { describe, expect, it } from 'vitest';
import { buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';
import type { Answers } from '../../src/search/helpers/messages.js';
import { siteScenario } from '../site-scenario.js';
import { helped } from './helped.js';
import { builderOf, KINDS } from './kinds-of-search.js';

describe('A search with helpers', () => {
  it('finds what it finds alone, in the same order', () => {
    const kind = KINDS['text that is watched once it is stored to'] ?? { more: '' };
    const { alone, together, used } = helped(builderOf(kind), { helpers: 2, seed: 1 });
    expect(together).toEqual(alone);
    expect(used).toBeGreaterThan(50);
  });

  it('finds out a helper that says something else than it would find itself', () => {
    const loaded = loadScenario(
      siteScenario({ name: 'two', cpus: 3, worker: '{cpu: [1, 2], entry: worker}' }),
      'two.yaml',
    );
    const lie = (answers: Answers): Answers => {
      const shapes = answers.shapes.map((shape) => ({ ...shape, parts: shape.parts.toReversed() }));
      return { ...answers, shapes };
    };
    const search = (): unknown =>
      helped(() => buildScenario(loaded, {}), { helpers: 1, seed: 5, checked: 1, onTheWay: lie });
    expect(search).toThrow('came out differently');
  });
});
