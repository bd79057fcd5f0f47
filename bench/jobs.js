import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { HelperThreads } from '../dist/cli/check/jobs/helper-threads.js';
import { buildScenario } from '../dist/scenario/build/build.js';
import { loadScenario } from '../dist/scenario/load.js';
import { ALL_REDUCTIONS } from '../dist/search/reduction/reductions.js';
import { Search } from '../dist/search/search.js';

const FILE = 'bench/looping-workers.yaml';
const VARIANT = 'four-workers';
const loaded = loadScenario(readFileSync(new URL('./looping-workers.yaml', import.meta.url), 'utf8'), FILE);

/** Milliseconds of a search with so many threads, by the clock, and how much it found. */
async function search(jobs) {
  const { machine, monitors } = buildScenario(loaded, { variant: VARIANT });
  const recipe = { loaded, variant: VARIANT, files: new Map(), backend: 'wasm' };
  const threads = jobs > 1 ? new HelperThreads(jobs - 1, recipe, ALL_REDUCTIONS) : undefined;
  const limits = { states: 1e8, memory: 4e9 };
  const made = new Search(machine, monitors, { limits, moveCache: true, reductions: ALL_REDUCTIONS, helpers: threads });
  const began = performance.now();
  while (made.advance(2000) === undefined) await setImmediate();
  const milliseconds = performance.now() - began;
  await threads?.close();
  return { milliseconds, counts: `${made.states.count} ${made.transitions}`, told: made.movesTold };
}

/** Several threads beside one: ratios by the clock, on a machine that does nothing else. */
export async function besideOneJob() {
  const one = await search(1);
  const rows = {};
  for (let jobs = 2; jobs <= Math.min(4, availableParallelism()); jobs++) {
    const several = await search(jobs);
    if (one.counts !== several.counts)
      throw new Error(`with ${jobs} jobs it found ${several.counts}, not ${one.counts}`);
    const faster = Number((one.milliseconds / several.milliseconds).toPrecision(3));
    rows[`${jobs} jobs`] = { 'times as fast': faster, 'moves told by helpers': several.told };
  }
  return rows;
}
