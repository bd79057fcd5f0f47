import { BigintInterpreter } from '../dist/cpu/backend/bigint.js';
import { WasmInterpreter } from '../dist/cpu/backend/wasm.js';
import { CpuState } from '../dist/cpu/cpu-state.js';
import { LAYOUT } from '../dist/memory/layout.js';
import { Memory } from '../dist/memory/memory.js';
import { DATA, TEXT } from '../dist/memory/page.js';
import { bestRate } from './measure.js';
import { DATA_BASE, randomProgram, shortLoop, TEXT_BASE } from './programs.js';

const BATCH = 0x10000;

function prepare(bytes, Interpreter) {
  const memory = new Memory(64);
  memory.map(TEXT_BASE, BigInt(bytes.length), TEXT, bytes);
  memory.map(DATA_BASE, 4096n, DATA);
  for (let cpu = 0; cpu < 2; cpu++) {
    const stack = 0xffffc90000010000n + BigInt(cpu) * 0x10000n;
    memory.map(stack, 4096n, DATA);
    const state = new CpuState(memory.linear, cpu);
    state.rip = TEXT_BASE;
    state.rsp = stack + 4096n;
    state.rflags = 2n;
    state.setGpr('rdi', DATA_BASE);
    state.setGpr('rcx', 0x1000000n + 77n * BigInt(cpu));
    state.setGpr('rbx', 3n + BigInt(cpu));
  }
  const { u8 } = memory.linear;
  for (let i = 0; i < BATCH; i++) u8[LAYOUT.schedule + i] = i & 1;
  return new Interpreter(memory);
}

/** Two CPUs that take turns after every instruction, the access log on: millions of steps a second. */
export function interleavedSteps() {
  const programs = { 'short loop': shortLoop(), '4 KiB random program': randomProgram(1) };
  return Object.fromEntries(
    Object.entries(programs).map(([name, bytes]) => {
      const wasm = prepare(bytes, WasmInterpreter);
      const batches = () => {
        for (let i = 0; i < 300; i++) {
          if (wasm.run(BATCH) !== BATCH) throw new Error(`status ${wasm.lastStatus}`);
        }
        return 300 * BATCH;
      };
      batches(); // compile
      const single = prepare(bytes, WasmInterpreter);
      const singles = () => {
        for (let i = 0; i < 1_000_000; i++) if (single.step(i & 1) !== 0) throw new Error('status');
        return 1_000_000;
      };
      singles();
      const bigint = prepare(bytes, BigintInterpreter);
      const bigints = () => {
        for (let i = 0; i < 50_000; i++) if (bigint.step(i & 1) !== 0) throw new Error('status');
        return 50_000;
      };
      return [
        name,
        {
          'wasm, batch': bestRate(5, batches),
          'wasm, one call a step': bestRate(3, singles),
          bigint: bestRate(2, bigints),
        },
      ];
    }),
  );
}
