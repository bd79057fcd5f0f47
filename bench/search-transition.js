import { readFileSync } from 'node:fs';
import { buildScenario } from '../dist/scenario/build/build.js';
import { loadScenario } from '../dist/scenario/load.js';
import { Search } from '../dist/search/search.js';
import { bestRate } from './measure.js';

const FIVE_CPUS = new URL('./five-cpus.yaml', import.meta.url);
const LIMITS = { states: 1e9, memory: 3e9 };

/**
 * The transitions of an exhaustive search of patcher and four workers: restore a state, do a step, find the state after it
 * among those that are known. With moves remembered as `xmc check` does it, and with every step done on the machine; bare,
 * and with the monitors of the default properties.
 */
export function searchTransitions() {
  const loaded = loadScenario(readFileSync(FIVE_CPUS, 'utf8'), 'bench/five-cpus.yaml');
  const rates = {};
  for (const variant of ['bare', 'monitored']) {
    for (const [how, moveCache, states] of [
      ['moves remembered', true, 400_000],
      ['every step done', false, 20_000],
    ]) {
      rates[`${variant}, ${how}`] = transitions(loaded, { variant, moveCache, states });
    }
  }
  return rates;
}

function transitions(loaded, { variant, moveCache, states }) {
  const { machine, monitors } = buildScenario(loaded, { variant });
  const search = new Search(machine, monitors, { limits: LIMITS, moveCache });
  search.advance(states / 4);
  return bestRate(3, () => {
    const before = search.transitions;
    search.advance(states / 4);
    return search.transitions - before;
  });
}
