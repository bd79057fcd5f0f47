import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
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

function startUp(args) {
  const before = childrenMilliseconds();
  for (let run = 0; run < RUNS; run++) spawnSync(process.execPath, args, { stdio: 'ignore' });
  return (childrenMilliseconds() - before) / RUNS;
}

/** CPU milliseconds from nothing to the end of `--help` and to a ready interpreter, beside Node's own. */
export function startUps() {
  const dist = new URL('../dist/', import.meta.url);
  const cli = fileURLToPath(new URL('cli.js', dist));
  const wasm = new URL('cpu/backend/wasm.js', dist).href;
  const memory = new URL('memory/memory.js', dist).href;
  const ready = `import {WasmInterpreter} from '${wasm}';import {Memory} from '${memory}';new WasmInterpreter(new Memory(4))`;
  const node = startUp(['-e', '0']);
  return {
    'node -e 0': node,
    'xmc --help, above node': startUp([cli, '--help']) - node,
    'interpreter ready, above node': startUp(['--input-type=module', '-e', ready]) - node,
  };
}
