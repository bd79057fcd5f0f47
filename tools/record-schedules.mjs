// Checks the committed scenarios and records the counterexample of every variant that is expected to be violated, in
// test/schedules. Needs `npm run build`. With names: only scenario files whose path has one of them in it.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scheduleName, writeSchedule } from '../dist/cli/run/write-schedule.js';
import { check, loadScenario } from '../dist/index.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SCENARIOS = join(ROOT, 'scenarios');
const names = process.argv.slice(2);
/** What is not found among so many states is left to random schedules. */
const maxStates = 500_000;

for (const path of readdirSync(SCENARIOS, { recursive: true, encoding: 'utf8' }).sort()) {
  if (!path.endsWith('.yaml') || (names.length > 0 && !names.some((name) => path.includes(name)))) continue;
  const file = join(SCENARIOS, path);
  const loaded = loadScenario(readFileSync(file, 'utf8'), path);
  const folder = join(ROOT, 'test/schedules', dirname(path));
  mkdirSync(folder, { recursive: true });
  for (const variant of loaded.variants) {
    const { expect } = loaded.variant(variant);
    if (expect?.verdict !== 'violated') continue;
    const result = await check(loaded, { variant, maxStates });
    const { verdict } = result;
    if (verdict === 'violated' && result.asExpected) {
      await writeSchedule(join(folder, scheduleName(loaded.name, variant)), result.counterexample.schedule);
    } else if (
      verdict === 'inconclusive' &&
      runsInto(file, variant, join(folder, scheduleName(loaded.name, variant)))
    ) {
      process.stderr.write(`${path} ${variant}: recorded from a random run\n`);
    } else {
      process.exitCode = 1;
      process.stderr.write(`${path} ${variant}: ${result.text}, expected ${JSON.stringify(expect)}\n`);
    }
  }
}

/** Whether random schedules find what is expected; the first one that does is written. */
function runsInto(file, variant, schedule) {
  const program = join(ROOT, 'dist/cli.js');
  const args = [program, 'run', file, '--variant', variant, '--runs', '1000', '--schedule', schedule];
  return spawnSync(process.execPath, args).status === 0;
}
