import { WasmInterpreter } from '../../dist/cpu/backend/wasm.js';
import { GPR_NAMES } from '../../dist/cpu/cells.js';
import { BATCH, PAGE, START, twoCpus } from '../two-cpus.js';

/** The two do not execute the same. */
export class DifferentStates extends Error {
  name = 'DifferentStates';
}

const hex = (value) => value.toString(16);

/** The state of xmc after some steps of both CPUs in turn, as `Unicorn.state` has it, without RFLAGS. */
function xmcState(bytes, steps) {
  const { memory, states, interpreter } = twoCpus(bytes, WasmInterpreter);
  for (let done = 0; done < steps; done += BATCH) {
    const count = Math.min(BATCH, steps - done);
    if (interpreter.run(count) !== count || interpreter.lastStatus !== 0) throw new Error('the programs need no host');
  }
  return {
    cpus: states.map((state) => ({
      ...Object.fromEntries(GPR_NAMES.map((name) => [name, hex(state.gpr(name))])),
      rip: hex(state.rip),
    })),
    data: Object.fromEntries(
      START.data.map((page) => [hex(page), Buffer.from(memory.bytes(page, PAGE)).toString('hex')]),
    ),
  };
}

/**
 * Executes a program under both, and compares registers and data. RFLAGS is left out: which flags are undefined
 * depends on where a CPU is; those that are defined decide branches and carries, and so show in registers.
 * @throws DifferentStates
 */
export function requireSameState(unicorn, { name, bytes, machine }, steps) {
  const [ours, theirs] = [xmcState(bytes, steps), unicorn.state(machine, steps)];
  const differences = ours.cpus.flatMap((registers, cpu) =>
    Object.keys(registers)
      .filter((register) => registers[register] !== theirs.cpus[cpu][register])
      .map((register) => `CPU ${cpu} ${register}: ${registers[register]}, Unicorn ${theirs.cpus[cpu][register]}`),
  );
  for (const [page, content] of Object.entries(ours.data)) {
    if (content !== theirs.data[page]) differences.push(`the page at ${page}`);
  }
  if (differences.length === 0) return;
  throw new DifferentStates(`the ${name} leads to different states after ${steps} steps:\n${differences.join('\n')}`);
}
