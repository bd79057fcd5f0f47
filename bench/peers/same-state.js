import { WasmInterpreter } from '../../dist/cpu/backend/wasm.js';
import { GPR_NAMES } from '../../dist/cpu/cells.js';
import { BATCH, PAGE, START, twoCpus } from '../two-cpus.js';

/** The two do not execute the same. */
export class DifferentStates extends Error {
  name = 'DifferentStates';
}

const hex = (value) => value.toString(16);

/** How Unicorn's state is made: without hooks and with them, two CPUs in turn and one alone. */
const WAYS = [
  ['state', 2],
  ['logged', 2],
  ['state', 1],
  ['logged', 1],
];

/** The state of xmc after some steps of the first CPUs in turn, as `Unicorn.state` has it, without RFLAGS. */
function xmcState(bytes, cpus, steps) {
  const { memory, states, interpreter } = twoCpus(bytes, WasmInterpreter, cpus);
  for (let done = 0; done < steps; done += BATCH) {
    const count = Math.min(BATCH, steps - done);
    if (interpreter.run(count) !== count || interpreter.lastStatus !== 0) throw new Error('the programs need no host');
  }
  return {
    cpus: states.slice(0, cpus).map((state) => ({
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
  for (const [how, cpus] of WAYS) {
    const differences = differencesOf(xmcState(bytes, cpus, steps), unicorn.state(machine, how, cpus, steps));
    if (differences.length === 0) continue;
    const way = `${cpus} CPUs${how === 'logged' ? ', with memory hooks' : ''}`;
    throw new DifferentStates(
      `the ${name} leads to different states after ${steps} steps (${way}):\n${differences.join('\n')}`,
    );
  }
}

function differencesOf(ours, theirs) {
  const differences = ours.cpus.flatMap((registers, cpu) =>
    Object.keys(registers)
      .filter((register) => registers[register] !== theirs.cpus[cpu][register])
      .map((register) => `CPU ${cpu} ${register}: ${registers[register]}, Unicorn ${theirs.cpus[cpu][register]}`),
  );
  for (const [page, content] of Object.entries(ours.data)) {
    if (content !== theirs.data[page]) differences.push(`the page at ${page}`);
  }
  return differences;
}
