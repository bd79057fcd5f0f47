import { readFileSync } from 'node:fs';
import { buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';
import { type Estimate, Estimator, type Range } from '../../src/search/estimator.js';
import { ALL_REDUCTIONS } from '../../src/search/reduction/reductions.js';
import { Search } from '../../src/search/search.js';

const LIMITS = { states: 1e6, memory: 2 ** 31 };

/** A search of a committed scenario that has only begun. */
function begin(file: string, variant: string): Search {
  const loaded = loadScenario(readFileSync(new URL(`../../scenarios/${file}`, import.meta.url), 'utf8'), file);
  const { machine, monitors } = buildScenario(loaded, { variant });
  return new Search(machine, monitors, { limits: LIMITS, moveCache: true, reductions: ALL_REDUCTIONS });
}

/** The estimate of a search after so many states. */
export function estimateOf(file: string, variant: string, budget: number): Estimate {
  const estimate = new Estimator(begin(file, variant), budget).advance(Number.POSITIVE_INFINITY);
  if (estimate === undefined) throw new Error('no estimate');
  return estimate;
}

/** The search that was estimated, at its end. */
export function searched(file: string, variant: string): Search {
  const search = begin(file, variant);
  search.advance(Number.POSITIVE_INFINITY);
  return search;
}

export const holds = ({ low, high = Number.POSITIVE_INFINITY }: Range, number: number): boolean =>
  low <= number && number <= high;

/** Which of the numbers of a search its estimate does not hold: none, if it is right. */
export function missed(estimate: Estimate, search: Search): string[] {
  const { counts } = search;
  return (['states', 'transitions', 'depth', 'memory'] as const)
    .filter((what) => !holds(estimate[what], counts[what]))
    .map((what) => `${what}: ${counts[what]} is not in ${JSON.stringify(estimate[what])}`);
}
