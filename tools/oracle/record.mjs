import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { generateTests } from './generate.mjs';
import { record } from './recorder.mjs';

const HELP = `usage: node tools/oracle/record.mjs [--seed TEXT] [--out DIRECTORY] [--inputs]

Generates tests of single instructions, executes them on this machine's CPU (x86-64 Linux, needs gcc) and writes
host-<group>.jsonl.gz. See tools/oracle/README.md.

  --seed TEXT       seed of the generator (default: xmc)
  --out DIRECTORY   where the files go (default: test/conform/vectors)
  --inputs          print the tests without executing them`;

const DEFAULT_OUT = fileURLToPath(new URL('../../test/conform/vectors', import.meta.url));

function writeVectors(out, tests, lines) {
  mkdirSync(out, { recursive: true });
  const groups = new Map();
  tests.forEach((test, i) => {
    if (!groups.has(test.file)) groups.set(test.file, []);
    groups.get(test.file).push(lines[i]);
  });
  for (const [group, vectors] of groups) {
    const packed = gzipSync(`${vectors.join('\n')}\n`, { level: 9 });
    writeFileSync(join(out, `host-${group}.jsonl.gz`), packed);
    console.error(`host-${group}.jsonl.gz: ${vectors.length} tests, ${packed.length} bytes`);
  }
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: 'xmc' },
    out: { type: 'string', default: DEFAULT_OUT },
    inputs: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
} else {
  const tests = generateTests(values.seed);
  if (values.inputs) for (const test of tests) console.log(JSON.stringify(test));
  else writeVectors(values.out, tests, record(tests, console.error));
}
