import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { buildScenario } from '../dist/scenario/build/build.js';
import { loadScenario } from '../dist/scenario/load.js';
import { PlainSearch } from '../dist/search/plain-search.js';
import { firstStuck } from '../dist/search/progress.js';
import { ALL_REDUCTIONS } from '../dist/search/reduction/reductions.js';
import { Search } from '../dist/search/search.js';
import { besideOneJob, variantsBesideOneJob } from './jobs.js';
import { cpuSeconds } from './measure.js';
import { reductionTable } from './reductions.js';
import { searchTransitions } from './search-transition.js';
import { besideSpin } from './spin.js';

const SCENARIO = new URL('../scenarios/stub.yaml', import.meta.url);
const RESULT = new URL('./results/check.json', import.meta.url);
const LIMITS = { states: 1e8, memory: 3e9 };
/** States of the plain explorer: enough for a rate. */
const PLAIN_STATES = 5_000;
/** The most looping workers that xmc searches here. */
const MOST_WORKERS = 4;
/** Whether SPIN searches four workers, which takes five minutes and 5 GB. */
const FOUR_WORKERS = process.argv.includes('--spin-four-workers');

const loaded = loadScenario(readFileSync(SCENARIO, 'utf8'), 'scenarios/stub.yaml');
const rounded = (number, digits = 3) => Number(number.toPrecision(digits));

/** A whole verdict, progress included, as a new process would come to it. */
function verdict(variant) {
  const { machine, monitors } = buildScenario(loaded, { variant });
  const search = new Search(machine, monitors, { limits: LIMITS, moveCache: true, reductions: ALL_REDUCTIONS });
  let stuck;
  const seconds = cpuSeconds(() => {
    search.advance(Number.POSITIVE_INFINITY);
    if (search.end.kind === 'exhausted') stuck = firstStuck(search);
  });
  const end = search.end.kind === 'violated' ? search.end.violation.property : search.end.kind;
  const { states, transitions, depth } = search.counts;
  return {
    verdict: stuck === undefined ? end : 'progress',
    states,
    transitions,
    depth,
    'seconds of CPU': rounded(seconds),
  };
}

/** Transitions a second, in millions. */
function plainRate() {
  const { machine, monitors } = buildScenario(loaded, { variant: 'text-poke-bp', backend: 'bigint' });
  const search = new PlainSearch(machine, monitors, { ...LIMITS, states: PLAIN_STATES });
  const seconds = cpuSeconds(() => search.advance(Number.POSITIVE_INFINITY));
  return search.transitions / seconds / 1e6;
}

const plain = plainRate();
const search = searchTransitions();
const rates = Object.fromEntries(Object.entries(search).map(([name, rate]) => [name, rounded(rate)]));
const result = {
  schema: 'xmc.bench-check/1',
  node: process.version,
  'verdicts of mail 002': Object.fromEntries(loaded.variants.map((variant) => [variant, verdict(variant)])),
  'search transitions, patcher and 4 workers, M/s': rates,
  'plain explorer, M/s': rounded(plain),
  'plain explorer, times slower': rounded(rates['monitored, every step done'] / plain),
  'plain explorer, times slower than with moves remembered': rounded(rates['monitored, moves remembered'] / plain),
};
result['text_poke_bp under looping workers, spin-baseline'] = reductionTable();
result['four looping workers, threads beside one'] = await besideOneJob();
result['sixteen variants, two threads beside one'] = variantsBesideOneJob();
const spin = besideSpin(MOST_WORKERS, { fourWorkers: FOUR_WORKERS });
result['the same beside a model of it for SPIN'] = spin;
mkdirSync(new URL('.', RESULT), { recursive: true });
const text = `${JSON.stringify(result, null, 2)}\n`;
writeFileSync(RESULT, text);
process.stdout.write(text);
const differing = Object.entries(spin).filter(([, { agree }]) => agree === false);
if (differing.length > 0) {
  process.exitCode = 1;
  process.stderr.write(`bench:check: xmc and SPIN differ: ${differing.map(([name]) => name).join(', ')}\n`);
}
