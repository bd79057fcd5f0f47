import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
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

const PROGRAM = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
/** Sixteen searches that take as long as each other, under names of their own: a minute on one core. */
const SIXTEEN = loaded.text.replace(
  /^variants:[\s\S]*/m,
  `variants:\n${[...'abcdefghijklmnop'].map((name) => `  ${name}: {cpus: 4, tasks.worker.cpu: [1, 2, 3], expect: verified}\n`).join('')}`,
);
const ROUNDS = 2;

/** Milliseconds of a whole check with so many threads, by the clock, and what it said. */
function command(jobs) {
  const cwd = mkdtempSync(join(tmpdir(), 'xmc-bench-'));
  try {
    writeFileSync(join(cwd, 'sixteen.yaml'), SIXTEEN);
    const began = performance.now();
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [PROGRAM, 'check', 'sixteen.yaml', '--json', '--jobs', String(jobs)],
      { cwd, encoding: 'utf8', maxBuffer: 2 ** 30 },
    );
    const milliseconds = performance.now() - began;
    if (status !== 0) throw new Error(`xmc check ended with ${status}: ${stderr}`);
    return { milliseconds, stdout };
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** Sixteen variants in two threads beside one: the whole command, the best of some rounds. */
export function variantsBesideOneJob() {
  const best = { 1: Number.POSITIVE_INFINITY, 2: Number.POSITIVE_INFINITY };
  const said = new Set();
  for (let round = 0; round < ROUNDS; round++) {
    for (const jobs of [1, 2]) {
      const { milliseconds, stdout } = command(jobs);
      best[jobs] = Math.min(best[jobs], milliseconds);
      said.add(stdout);
    }
  }
  if (said.size > 1) throw new Error('with 2 jobs it said something else');
  const seconds = (milliseconds) => Number((milliseconds / 1000).toPrecision(3));
  return {
    'times as fast': Number((best[1] / best[2]).toPrecision(3)),
    seconds: seconds(best[1]),
    'seconds with 2 jobs': seconds(best[2]),
  };
}
