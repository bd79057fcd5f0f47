// Checks the committed scenarios and records the counterexample of every variant that is expected to be violated, in
// test/schedules. Needs `npm run build`. With names: only scenario files whose path has one of them in it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadScenario } from '../dist/scenario/load.js';
import { readFileSync } from 'node:fs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SCENARIOS = join(ROOT, 'scenarios');
const names = process.argv.slice(2);

for (const path of readdirSync(SCENARIOS, { recursive: true, encoding: 'utf8' }).sort()) {
  if (!path.endsWith('.yaml') || (names.length > 0 && !names.some((name) => path.includes(name)))) continue;
  const file = join(SCENARIOS, path);
  const loaded = loadScenario(readFileSync(file, 'utf8'), file);
  const folder = join(ROOT, 'test/schedules', dirname(path));
  mkdirSync(folder, { recursive: true });
  for (const variant of loaded.variants) {
    if (loaded.variant(variant).expect?.verdict !== 'violated') continue;
    const args = [join(ROOT, 'dist/cli.js'), 'check', file, '--variant', variant];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    if (status === 0) continue;
    process.exitCode = 1;
    process.stderr.write(`${path} ${variant}: exit ${status}\n${stderr}${stdout.split('\n').slice(0, 6).join('\n')}\n`);
  }
}
