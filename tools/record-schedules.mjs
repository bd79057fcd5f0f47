// Checks the committed scenarios and records the counterexample of every variant that is expected to be violated, in
// test/schedules. Needs `npm run build`. With names: only scenario files whose path has one of them in it.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkVariant } from '../dist/cli/check/check-variant.js';
import { DEFAULT_LIMITS } from '../dist/cli/check/options.js';
import { scheduleName, writeSchedule } from '../dist/cli/run/write-schedule.js';
import { PLAIN } from '../dist/report/paint.js';
import { loadScenario } from '../dist/scenario/load.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SCENARIOS = join(ROOT, 'scenarios');
const names = process.argv.slice(2);
const options = {
  engine: 'fast',
  maxStates: DEFAULT_LIMITS.states,
  maxMemory: DEFAULT_LIMITS.megabytes,
  traceWidth: 100,
  moveCache: true,
};
const alone = { code: undefined, pause: async () => {} };
const silent = { update: () => {}, clear: () => {} };

for (const path of readdirSync(SCENARIOS, { recursive: true, encoding: 'utf8' }).sort()) {
  if (!path.endsWith('.yaml') || (names.length > 0 && !names.some((name) => path.includes(name)))) continue;
  const file = join(SCENARIOS, path);
  const loaded = loadScenario(readFileSync(file, 'utf8'), path);
  const folder = join(ROOT, 'test/schedules', dirname(path));
  mkdirSync(folder, { recursive: true });
  for (const variant of loaded.variants) {
    const { expect } = loaded.variant(variant);
    if (expect?.verdict !== 'violated') continue;
    const recipe = { loaded, variant, files: new Map(), backend: 'wasm' };
    const { report, schedule } = await checkVariant(recipe, {
      options,
      path,
      paint: PLAIN,
      interrupt: alone,
      progress: silent,
    });
    const { verdict } = report;
    if (verdict.kind === 'violated' && verdict.property === expect.property && schedule !== undefined) {
      await writeSchedule(join(folder, scheduleName(loaded.name, variant)), schedule);
    } else {
      process.exitCode = 1;
      process.stderr.write(`${path} ${variant}: ${JSON.stringify(verdict)}, expected ${JSON.stringify(expect)}\n`);
    }
  }
}
