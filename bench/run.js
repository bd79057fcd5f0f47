// Measures, prints one JSON object and keeps it in bench/results/latest.json. Ratios within one run are what counts:
// absolute numbers depend on the machine.
import { writeFileSync } from 'node:fs';
import { interleavedSteps } from './interleaved-steps.js';
import { searchTransitions } from './search-transition.js';
import { startUps } from './start-up.js';

const result = {
  schema: 'xmc.bench/1',
  node: process.version,
  'interleaved steps, M/s': interleavedSteps(),
  'search transitions on 5 CPUs, M/s': searchTransitions(),
  'start-up, CPU ms': startUps(),
};
const round = (_key, value) => (typeof value === 'number' ? Math.round(value * 1000) / 1000 : value);
const text = `${JSON.stringify(result, round, 2)}\n`;
writeFileSync(new URL('./results/latest.json', import.meta.url), text);
process.stdout.write(text);
