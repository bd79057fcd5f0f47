// `npm run bench:peers`: xmc beside Unicorn, single-stepping through the same bytes. Prints a table, keeps the
// figures in bench/results/peers.json, and ends with an exit code of EXIT.
import { writeFileSync } from 'node:fs';
import { PROGRAMS } from '../interleaved-steps.js';
import { START } from '../two-cpus.js';
import { measurePeers } from './measure-peers.js';
import { PEERS, TARGET, times } from './rows.js';
import { requireSameState } from './same-state.js';
import { peersTable } from './table.js';
import { Unicorn } from './unicorn.js';

const EXIT = { holds: 0, missed: 1, missingTool: 3, differentStates: 4 };
const COMPARED_STEPS = 1_000_000;

function compare(unicorn) {
  const programs = Object.entries(PROGRAMS).map(([name, bytes]) => {
    const program = { name, bytes, machine: unicorn.machine(name, bytes, START) };
    requireSameState(unicorn, program, COMPARED_STEPS);
    return program;
  });
  const rates = measurePeers(unicorn, programs);
  const ratios = Object.fromEntries(
    Object.entries(rates).map(([name, measured]) => [
      name,
      Object.fromEntries(PEERS.map(([row]) => [row, times(measured, row)])),
    ]),
  );
  return {
    schema: 'xmc.bench-peers/2',
    node: process.version,
    unicorn: unicorn.version,
    'steps after which registers and data are the same': COMPARED_STEPS,
    'M steps/s': rates,
    'times Unicorn': ratios,
    target: { ...TARGET, holds: ratios[TARGET.program][TARGET.row] >= TARGET.times },
  };
}

function main() {
  let unicorn;
  try {
    unicorn = new Unicorn();
    const result = compare(unicorn);
    const round = (_key, value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value);
    const file = new URL('../results/peers.json', import.meta.url);
    writeFileSync(file, `${JSON.stringify(result, round, 2)}\n`);
    process.stdout.write(peersTable(result));
    return result.target.holds ? EXIT.holds : EXIT.missed;
  } catch (error) {
    const known = { MissingTool: EXIT.missingTool, DifferentStates: EXIT.differentStates }[error.name];
    if (known === undefined) throw error;
    process.stderr.write(`bench:peers: ${error.message}\n`);
    return known;
  } finally {
    unicorn?.remove();
  }
}

process.exitCode = main();
