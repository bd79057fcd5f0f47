import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Milliseconds in a tick of /proc/self/stat: sysconf(_SC_CLK_TCK) is 100 on Linux. */
const TICK = 10;
const RUNS = 20;

/** CPU milliseconds that all children have used so far; Node does not tell, the kernel does. */
function childrenMilliseconds() {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * TICK;
}

function startUp(args, runs = RUNS) {
  const before = childrenMilliseconds();
  for (let run = 0; run < runs; run++) spawnSync(process.execPath, args, { stdio: 'ignore' });
  return (childrenMilliseconds() - before) / runs;
}

const dist = new URL('../dist/', import.meta.url);
const IMPORTS = `
  import { WasmInterpreter } from '${new URL('cpu/backend/wasm.js', dist).href}';
  import { Memory } from '${new URL('memory/memory.js', dist).href}';`;

/** Makes an interpreter and has it do a step, in a process of its own; says what each of them took. */
const STAGES = `${IMPORTS}
  const now = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
  const imported = now();
  const interpreter = new WasmInterpreter(new Memory(4));
  const ready = now();
  interpreter.step(0);
  console.log(JSON.stringify([ready - imported, now() - ready]));`;

function stages() {
  const sums = [0, 0];
  for (let run = 0; run < RUNS; run++) {
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', STAGES], { encoding: 'utf8' });
    JSON.parse(stdout).forEach((milliseconds, stage) => {
      sums[stage] += milliseconds / RUNS;
    });
  }
  return sums;
}

const STUB = fileURLToPath(new URL('../scenarios/stub.yaml', import.meta.url));
const SMALL = `mov %rax,%rbx
call 1f
1: ret
`;

/** CPU milliseconds of commands from nothing to their ends. */
function commands(cli) {
  const directory = mkdtempSync(join(tmpdir(), 'xmc-bench-'));
  const source = join(directory, 'small.s');
  writeFileSync(source, SMALL);
  const plain = [cli, 'check', STUB, '--variant', 'plain', '--schedule', join(directory, 'plain.schedule')];
  try {
    return {
      'xmc --help': startUp([cli, '--help']),
      'xmc asm, three instructions': startUp([cli, 'asm', source]),
      'xmc check of stub.yaml, plain, first states': startUp([...plain, '--max-states', '1']),
      'xmc check of stub.yaml, plain': startUp(plain, RUNS / 4),
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** CPU milliseconds from nothing to the end of commands and to a ready interpreter, beside Node's own. */
export function startUps() {
  const cli = fileURLToPath(new URL('cli.js', dist));
  const node = startUp(['-e', '0']);
  const module = (code) => startUp(['--input-type=module', '-e', `${IMPORTS}${code}`]) - node;
  const [ready, step] = stages();
  return {
    'node -e 0': node,
    ...Object.fromEntries(Object.entries(commands(cli)).map(([name, time]) => [`${name}, above node`, time - node])),
    'interpreter imported, above node': module(''),
    'interpreter ready, above node': module('new WasmInterpreter(new Memory(4))'),
    'interpreter ready, after its import': ready,
    'its first step, after that': step,
  };
}
