import { readFileSync } from 'node:fs';
import { buildScenario } from '../dist/scenario/build/build.js';
import { loadScenario } from '../dist/scenario/load.js';
import { firstStuck } from '../dist/search/progress.js';
import { ALL_REDUCTIONS } from '../dist/search/reduction/reductions.js';
import { Search } from '../dist/search/search.js';
import { cpuSeconds } from './measure.js';

const SCENARIO = new URL('./looping-workers.yaml', import.meta.url);
/** Without fusion two workers take more: it is enough to see that. */
const TWO_WORKERS = { states: 5e5, memory: 4e9 };
const LIMITS = { states: 1e8, memory: 4e9 };
const loaded = loadScenario(readFileSync(SCENARIO, 'utf8'), 'bench/looping-workers.yaml');

/** A search of a variant of looping-workers.yaml. */
export function explore(variant, reductions, limits = LIMITS) {
  const { machine, monitors } = buildScenario(loaded, { variant });
  const search = new Search(machine, monitors, { limits, moveCache: true, reductions });
  let stuck;
  const seconds = cpuSeconds(() => {
    search.advance(Number.POSITIVE_INFINITY);
    if (search.end.kind === 'exhausted') stuck = firstStuck(search);
  });
  const { states, transitions, memory } = search.counts;
  const end =
    search.end.kind === 'violated' ? search.end.violation.property : stuck === undefined ? search.end.kind : 'progress';
  return {
    end,
    states,
    transitions,
    MB: Math.round(memory / 2 ** 20),
    'seconds of CPU': Number(seconds.toPrecision(3)),
  };
}

const without = (name) => new Set([...ALL_REDUCTIONS].filter((other) => other !== name));

/** text_poke_bp under looping workers: states with all reductions, with each of them switched off, and with none. */
export function reductionTable() {
  const rows = [
    ['all', ALL_REDUCTIONS],
    ...[...ALL_REDUCTIONS].map((name) => [`without ${name}`, without(name)]),
    ['none', new Set()],
  ];
  return {
    'one worker': Object.fromEntries(rows.map(([name, reductions]) => [name, explore('one-worker', reductions)])),
    'one worker, a count for each CPU (2025)': { all: explore('per-cpu-refs', ALL_REDUCTIONS) },
    'two workers': Object.fromEntries(
      rows.map(([name, reductions]) => [name, explore('two-workers', reductions, TWO_WORKERS)]),
    ),
    'weakened, one worker': Object.fromEntries(
      ['no-sync1', 'no-sync2', 'no-sync3'].map((variant) => [variant, explore(variant, ALL_REDUCTIONS)]),
    ),
  };
}
