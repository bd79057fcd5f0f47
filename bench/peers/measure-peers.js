import { WasmInterpreter } from '../../dist/cpu/backend/wasm.js';
import { batches } from '../interleaved-steps.js';
import { bestRate } from '../measure.js';
import { twoCpus } from '../two-cpus.js';
import { PEERS, ROWS } from './rows.js';

const ROUNDS = 7;

/**
 * Millions of steps a second of CPU time, the best of several rounds, by program and row. Rounds take turns, so that
 * all meet the same machine.
 */
export function measurePeers(unicorn, programs) {
  return Object.fromEntries(
    programs.map(({ name, bytes, machine }) => {
      const rates = Object.fromEntries(Object.keys(ROWS).map((row) => [row, 0]));
      const note = (row, rate) => {
        rates[row] = Math.max(rates[row], rate);
      };
      const ours = Object.entries(ROWS).filter(([, { how }]) => how === undefined);
      const interpreters = ours.map(([row, { cpus }]) => [row, twoCpus(bytes, WasmInterpreter, cpus).interpreter]);
      for (const [, interpreter] of interpreters) batches(interpreter); // compile
      for (let round = 0; round < ROUNDS; round++) {
        for (const [row, interpreter] of interpreters) {
          note(
            row,
            bestRate(1, () => batches(interpreter)),
          );
        }
        for (const [row, { how, cpus, steps }] of PEERS) note(row, unicorn.rate(machine, how, cpus, steps));
      }
      return [name, rates];
    }),
  );
}
