import { buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';
import { type CrossChecked, crossCheck } from '../../src/search/cross-check.js';
import { ALL_REDUCTIONS, type Reductions } from '../../src/search/reduction/reductions.js';
import { type Extras, randomScenario } from './random-scenario.js';

const MEMORY = 2 ** 31;

/** Cross-checks generated scenarios by seed; those that fit the limit of states, and what differs, if anything does. */
export function crossCheckGenerated(
  seeds: readonly number[],
  states: number,
  reductions: Reductions = ALL_REDUCTIONS,
  extras: Extras = { checks: false },
): { readonly whole: CrossChecked[]; readonly differences: string[] } {
  const whole: CrossChecked[] = [];
  const differences: string[] = [];
  for (const seed of seeds) {
    const loaded = loadScenario(randomScenario(seed, extras), `seed-${seed}.yaml`);
    const result = crossCheck(() => buildScenario(loaded, {}), reductions, { states, memory: MEMORY });
    if (!result.isPartial) whole.push(result);
    if (result.difference !== undefined) differences.push(`seed ${seed}: ${result.difference}`);
  }
  return { whole, differences };
}
