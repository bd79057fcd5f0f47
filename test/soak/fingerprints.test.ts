import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type BuiltScenario, buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';
import type { Compaction } from '../../src/search/compaction.js';
import { stepsTo } from '../../src/search/found-way.js';
import { firstStuck } from '../../src/search/progress.js';
import { ALL_REDUCTIONS, NO_REDUCTIONS, type Reductions } from '../../src/search/reduction/reductions.js';
import { Search } from '../../src/search/search.js';
import { stepsOfWay } from '../../src/search/way-steps.js';
import { randomScenario } from '../search/random-scenario.js';
import { missedStates } from '../search/thinned.js';

function searched(
  { machine, monitors }: BuiltScenario,
  reductions: Reductions,
  fingerprints?: Compaction,
  states = 1e7,
): Search {
  const limits = { states, memory: 2 ** 32 };
  const search = new Search(machine, monitors, { limits, moveCache: true, reductions, fingerprints });
  search.advance(Number.POSITIVE_INFINITY);
  return search;
}

describe('A search with fingerprints', () => {
  it.each([
    ['bench/looping-workers.yaml', 'two-workers'],
    ['scenarios/aligned-store.yaml', 'coherent'],
    ['scenarios/stub.yaml', 'text-poke-bp'],
  ])('of 16 bits predicts within a factor of two how many states it misses: %s, %s', (path, variant) => {
    const build = (): BuiltScenario => buildScenario(loadScenario(readFileSync(path, 'utf8'), path), { variant });
    const { count } = searched(build(), ALL_REDUCTIONS).states;
    for (const seed of [0, 1, 2, 3, 4, 5]) {
      const search = searched(build(), ALL_REDUCTIONS, { bits: 16, seed, states: 0, chunk: 15 });
      const ratio = missedStates(search, 16, seed) / (count - search.states.count);
      expect(ratio, `seed ${seed}`).toBeGreaterThan(0.5);
      expect(ratio, `seed ${seed}`).toBeLessThan(2);
    }
  });

  it('finds schedules to violations that replay, in 60 generated scenarios', () => {
    let found = 0;
    for (let scenario = 6000; scenario < 6060; scenario++) {
      const text = randomScenario(scenario, { checks: false, alike: scenario % 2 === 0 });
      const build = (): BuiltScenario => buildScenario(loadScenario(text, 'random.yaml'), {});
      const search = searched(build(), ALL_REDUCTIONS, { bits: 64, seed: 0, states: 10, chunk: 2 }, 3000);
      if (search.end?.kind !== 'violated') continue;
      const { machine, monitors } = build();
      stepsOfWay(machine, stepsTo(search, search.end));
      expect(monitors.violation?.property, `scenario ${scenario}`).toBe(search.end.violation.property);
      found++;
    }
    expect(found).toBeGreaterThan(15);
  });

  it('of 64 bits says what an exact one says of 100 generated scenarios', () => {
    const without = new Set([...ALL_REDUCTIONS].filter((name) => name !== 'subsumption'));
    for (let scenario = 5000; scenario < 5100; scenario++) {
      const build = (): BuiltScenario => buildScenario(loadScenario(randomScenario(scenario), 'random.yaml'), {});
      const reductions = scenario % 2 === 0 ? NO_REDUCTIONS : without;
      const exact = searched(build(), reductions, undefined, 5000);
      const states = Math.floor((exact.states.count * (scenario % 7)) / 7);
      const other = searched(build(), reductions, { bits: 64, seed: scenario, states, chunk: 5 }, 5000);
      const said = ({ end, counts: { memory: _, ...counts } }: Search) => [end?.kind, counts];
      expect(said(other), `scenario ${scenario}`).toEqual(said(exact));
      if (exact.end?.kind === 'exhausted') expect(firstStuck(other), `scenario ${scenario}`).toBe(firstStuck(exact));
    }
  });
});
