import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type BuiltScenario, buildScenario } from '../../src/scenario/build/build.js';
import { type LoadedScenario, loadScenario } from '../../src/scenario/load.js';
import { checkingHits } from './checked-hits.js';
import { type Findings, fastFindings, fastStates, type Limits, plainFindings, plainStates } from './engines.js';
import { randomScenario } from './random-scenario.js';

const FOLDER = new URL('../../scenarios/', import.meta.url);
const scenarios = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => [file, loadScenario(readFileSync(new URL(file, FOLDER), 'utf8'), file)] as const);
const committed = scenarios.flatMap(([file, loaded]) =>
  (loaded.variants.length === 0 ? [undefined] : loaded.variants).map((variant) => ({
    name: `${file} ${variant ?? ''}`,
    loaded,
    variant,
  })),
);

/** Of the generated scenarios, by seed. */
const SEEDS = Array.from({ length: 54 }, (_, seed) => seed);
/** Of so many hits in the cache of moves one is done again. */
const NTH = 5;

type Build = (backend: 'wasm' | 'bigint') => BuiltScenario;

const builder =
  (loaded: LoadedScenario, variant?: string): Build =>
  (backend) =>
    buildScenario(loaded, { backend, ...(variant === undefined ? {} : { variant }) });

/** Requires that all engines find the same; gives it, and how many hits were done again. */
function compare(build: Build, limits: Limits): { found: Findings; checked: number } {
  const found = plainFindings(build('bigint'), limits);
  expect(fastFindings(build('wasm'), limits, false)).toEqual(found);
  const checked = checkingHits(NTH, () => expect(fastFindings(build('wasm'), limits, true)).toEqual(found));
  return { found, checked };
}

describe('Both engines, the fast one with and without its cache of moves, find the same', () => {
  it.each(committed)('in $name, as far as they look', ({ loaded, variant }) => {
    compare(builder(loaded, variant), { states: 300, first: true });
  });

  it('in generated scenarios, also behind violations; and what the cache remembers is what the machine does', () => {
    const ends = new Map<string, number>();
    const properties = new Set<string>();
    let [checked, stuck] = [0, 0];
    for (const seed of SEEDS) {
      const build = builder(loadScenario(randomScenario(seed), `seed-${seed}.yaml`));
      const result = compare(build, { states: 300, first: false });
      checked += result.checked;
      const { end, ended } = result.found;
      ends.set(end, (ends.get(end) ?? 0) + 1);
      if (result.found.stuck !== undefined) stuck++;
      for (const one of ended) properties.add(/^(.*) violated/.exec(one)?.[1] ?? 'unsupported');
    }
    // What this rests on: there were hits, whole searches, and violations of many kinds.
    expect(checked).toBeGreaterThan(1000);
    expect(ends.get('exhausted')).toBeGreaterThan(5);
    expect(stuck).toBeGreaterThan(0);
    expect(properties.size).toBeGreaterThan(5);
  });

  it('in generated scenarios, state by state', () => {
    for (const seed of SEEDS.filter((number) => number % 4 === 0)) {
      const build = builder(loadScenario(randomScenario(seed), `seed-${seed}.yaml`));
      const [plain, fast] = [plainStates(build('bigint'), 200), fastStates(build('wasm'), 200)];
      const different = fast.findIndex((key, state) => key !== plain[state]);
      expect([seed, different, fast.length]).toEqual([seed, -1, plain.length]);
    }
  });

  it('with the cache and without it, in generated scenarios, far into them', () => {
    for (const seed of SEEDS.filter((number) => number % 12 === 1)) {
      const build = builder(loadScenario(randomScenario(1000 + seed), `seed-${1000 + seed}.yaml`));
      const limits = { states: 4000, first: false };
      expect(fastFindings(build('wasm'), limits, true)).toEqual(fastFindings(build('wasm'), limits, false));
    }
  });
});
