import { BigintInterpreter } from '../dist/cpu/backend/bigint.js';
import { WasmInterpreter } from '../dist/cpu/backend/wasm.js';
import { bestRate } from './measure.js';
import { randomProgram, shortLoop } from './programs.js';
import { BATCH, twoCpus } from './two-cpus.js';

export const PROGRAMS = { 'short loop': shortLoop(), '4 KiB random program': randomProgram(1) };

/** Does 300 batches of steps, and says how many steps that is. */
export function batches(wasm) {
  for (let i = 0; i < 300; i++) {
    if (wasm.run(BATCH) !== BATCH) throw new Error(`status ${wasm.lastStatus}`);
  }
  return 300 * BATCH;
}

/** Two CPUs that take turns after every instruction, the access log on: millions of steps a second. */
export function interleavedSteps() {
  return Object.fromEntries(
    Object.entries(PROGRAMS).map(([name, bytes]) => {
      const { interpreter: wasm } = twoCpus(bytes, WasmInterpreter);
      batches(wasm); // compile
      const { interpreter: single } = twoCpus(bytes, WasmInterpreter);
      const singles = () => {
        for (let i = 0; i < 1_000_000; i++) if (single.step(i & 1) !== 0) throw new Error('status');
        return 1_000_000;
      };
      singles();
      const { interpreter: bigint } = twoCpus(bytes, BigintInterpreter);
      const bigints = () => {
        for (let i = 0; i < 50_000; i++) if (bigint.step(i & 1) !== 0) throw new Error('status');
        return 50_000;
      };
      return [
        name,
        {
          'wasm, batch': bestRate(5, () => batches(wasm)),
          'wasm, one call a step': bestRate(3, singles),
          bigint: bestRate(2, bigints),
        },
      ];
    }),
  );
}
