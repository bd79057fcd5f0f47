// Executions a second of each strategy of `xmc hunt`, and in how many of them it finds what is known to be wrong. Prints one
// JSON object and keeps it in bench/results/hunt.json. Everything but the rates is the same on every machine.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Hunt } from '../dist/explore/hunt/hunt.js';
import { STRATEGY_NAMES } from '../dist/explore/strategy/strategies.js';
import { buildScenario } from '../dist/scenario/build/build.js';
import { loadScenario } from '../dist/scenario/load.js';
import { cpuSeconds } from './measure.js';

const SCENARIO = new URL('../scenarios/stub.yaml', import.meta.url);
const RESULT = new URL('./results/hunt.json', import.meta.url);
/** Executions of each strategy in each variant. */
const EXECUTIONS = { 'text-poke-bp': 200, plain: 200, 'forgot-if': 200, 'sti-nmi': 2000 };

const loaded = loadScenario(readFileSync(SCENARIO, 'utf8'), 'scenarios/stub.yaml');

function hunted(variant, executions, strategy) {
  const { machine, monitors, sites, symbols, scenario } = buildScenario(loaded, { variant });
  const hunt = new Hunt(machine, monitors, { sites, symbols }, { strategy, seed: 1, steps: scenario.steps });
  const seconds = cpuSeconds(() => {
    while (hunt.executions < executions) hunt.advance();
  });
  const { violated, steps } = hunt.tallies.get(strategy);
  return {
    violated,
    'first in execution': hunt.catches[0]?.first.execution ?? null,
    'executions/s': Math.round(executions / seconds),
    'steps/s, thousands': Math.round(steps / seconds / 1000),
  };
}

const variants = Object.entries(EXECUTIONS).map(([variant, executions]) => {
  const strategies = STRATEGY_NAMES.map((strategy) => [strategy, hunted(variant, executions, strategy)]);
  return [variant, { executions, ...Object.fromEntries(strategies) }];
});
const result = {
  schema: 'xmc.bench-hunt/1',
  node: process.version,
  scenario: 'scenarios/stub.yaml',
  variants: Object.fromEntries(variants),
};
mkdirSync(new URL('.', RESULT), { recursive: true });
const text = `${JSON.stringify(result, null, 2)}\n`;
writeFileSync(RESULT, text);
process.stdout.write(text);
