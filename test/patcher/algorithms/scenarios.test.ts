import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RandomScheduler } from '../../../src/explore/random-scheduler.js';
import { run } from '../../../src/explore/run.js';
import { ALGORITHMS } from '../../../src/patcher/algorithms.js';
import { buildScenario } from '../../../src/scenario/build/build.js';
import { type LoadedScenario, loadScenario } from '../../../src/scenario/load.js';

const DIRECTORY = new URL('../../../scenarios/', import.meta.url);

function load(file: string): LoadedScenario {
  return loadScenario(readFileSync(new URL(file, DIRECTORY), 'utf8'), file);
}

const FILES = [...ALGORITHMS.keys(), 'straight-line'].map((name) => `${name}.yaml`);
const NAMES = new Set(readdirSync(DIRECTORY));

for (const file of FILES) {
  if (!NAMES.has(file)) continue;
  const loaded = load(file);
  for (const variant of loaded.variants) {
    const t = process.cpuUsage();
    it(`${file} ${variant}`, () => {
      const found: (string|number)[] = [];
      for (let seed = 0; seed < 20; seed++) {
        const { machine, monitors } = buildScenario(loaded, { variant });
        const { end, steps } = run(machine, monitors, new RandomScheduler(seed), 4000);
        found.push(end.kind === 'violated' ? `${end.violation.property}@${steps}` : `${end.kind}@${steps}`);
      }
      console.log(file, variant, JSON.stringify(loaded.variant(variant).expect), found.join(' '), process.cpuUsage(t).user / 1000);
    });
  }
}
