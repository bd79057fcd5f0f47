import { WasmInterpreter } from '../../dist/cpu/backend/wasm.js';
import { batches } from '../interleaved-steps.js';
import { bestRate } from '../measure.js';
import { twoCpus } from '../two-cpus.js';

const ROUNDS = 5;
/** Steps of a measurement under Unicorn. */
const STEPS = { step: 1_000_000, log: 1_000_000, free: 10_000_000 };

/**
 * Millions of steps a second of CPU time, the best of several rounds, by program: `xmc` and Unicorn's `step` and `log`
 * do the same steps of two CPUs in turn, Unicorn's `free` those of one. Rounds take turns, so that all meet the same
 * machine.
 */
export function measurePeers(unicorn, programs) {
  return Object.fromEntries(
    programs.map(({ name, bytes, machine }) => {
      const { interpreter } = twoCpus(bytes, WasmInterpreter);
      batches(interpreter); // compile
      const rates = { xmc: 0, step: 0, log: 0, free: 0 };
      for (let round = 0; round < ROUNDS; round++) {
        rates.xmc = Math.max(
          rates.xmc,
          bestRate(1, () => batches(interpreter)),
        );
        for (const [how, steps] of Object.entries(STEPS)) {
          rates[how] = Math.max(rates[how], unicorn.rate(machine, how, steps));
        }
      }
      return [name, rates];
    }),
  );
}
