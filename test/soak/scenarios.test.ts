import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RandomScheduler } from '../../src/explore/random-scheduler.js';
import { ALGORITHMS } from '../../src/patcher/algorithms.js';
import { buildScenario } from '../../src/scenario/build/build.js';
import { type LoadedScenario, loadScenario } from '../../src/scenario/load.js';
import { type Build, runTwice } from '../explore/run-twice.js';

const DIRECTORY = new URL('../../scenarios/', import.meta.url);

function load(file: string): LoadedScenario {
  return loadScenario(readFileSync(new URL(file, DIRECTORY), 'utf8'), file);
}

/** text-poke-bp and memcpy are variants of call-swap.yaml; text-poke-bp-desc.yaml is searched in test/search. */
const NAMES = [...ALGORITHMS.keys(), 'straight-line', 'rcu-tasks', 'deferred-sync'].filter(
  (name) => name !== 'text-poke-bp' && name !== 'memcpy' && !name.startsWith('text-poke-bp-desc'),
);

/** Seeds and steps that find every violation, and those that look for one where there should be none. */
const VIOLATED = { seeds: 40, steps: 4000 };
const VERIFIED = { seeds: 2, steps: 2000 };

describe('the scenario of each algorithm', () => {
  for (const name of NAMES) {
    it(`${name}.yaml comes to the ends that it expects, under random schedules`, () => {
      const loaded = load(`${name}.yaml`);
      expect(loaded.variants.length).toBeGreaterThan(0);
      for (const variant of loaded.variants) {
        const { expect: expectation } = loaded.variant(variant);
        expect([variant, expectation]).not.toEqual([variant, undefined]);
        const { seeds, steps } = expectation?.verdict === 'violated' ? VIOLATED : VERIFIED;
        let violated: string | undefined;
        for (let seed = 0; seed < seeds && violated === undefined; seed++) {
          const build: Build = (backend) => buildScenario(loaded, { variant, backend });
          const { end } = runTwice(build, () => new RandomScheduler(seed), steps);
          if (end.kind === 'violated') violated = end.violation.property;
          else if (end.kind === 'finished') expect([variant, end.waiting]).toEqual([variant, []]);
          else expect([variant, end.kind]).toEqual([variant, 'limit']);
        }
        if (expectation?.verdict !== 'violated') expect([variant, violated]).toEqual([variant, undefined]);
        else expect([variant, violated]).toEqual([variant, expectation.property ?? expect.any(String)]);
      }
    });
  }
});
