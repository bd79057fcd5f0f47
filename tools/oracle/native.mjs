import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cpuFlags, flagsOf } from './features.mjs';
import { recordedForms } from './forms.mjs';
import { sampleTests } from './generate.mjs';
import { CannotRecord, record } from './recorder.mjs';

const HELP = `usage: npm run conform:native -- [--seed TEXT] [--count N] [--keep] [-- OPTIONS OF xmc conform]

Generates N random tests of instructions and programs, records on this machine's CPU what they do (x86-64 Linux with
FSGSBASE, needs gcc) and compares with what xmc does.

  --seed TEXT   seed of the generator (default: native)
  --count N     how many tests (default: 5000)
  --keep        keep the recorded tests, as is always done when something fails

Exits as xmc conform does: 0 all passed, 1 a test failed, 2 wrong usage or recordings that differ among each other, 3
nothing was compared because this machine cannot record.`;

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const EXIT = { ok: 0, usage: 2, inconclusive: 3 };
/** Tests that are generated, recorded and compared at a time. */
const CHUNK = 20_000;

/** @throws CannotRecord where nothing can be recorded. */
function requireRecorder() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new CannotRecord(`x86-64 Linux is needed, and this is ${process.platform} on ${process.arch}`);
  }
  try {
    execFileSync('gcc', ['--version'], { stdio: 'ignore' });
  } catch {
    throw new CannotRecord('gcc is needed to build the recorder, and there is none');
  }
}

/** Tells whether this CPU has a form, and which forms it has not. */
function formsHere() {
  const flags = cpuFlags();
  const runs = (form) => flagsOf(form).every((flag) => flags.has(flag));
  const lacking = recordedForms().filter((form) => !runs(form));
  if (lacking.length > 0) console.error(`not on this CPU: ${lacking.map(({ name }) => name).join(' ')}`);
  return runs;
}

/** A seed for each chunk of tests, with the number of its tests. */
function chunks(seed, count) {
  return Array.from({ length: Math.ceil(count / CHUNK) }, (_, i) => ({
    seed: i === 0 ? seed : `${seed} ${i}`,
    tests: Math.min(CHUNK, count - i * CHUNK),
  }));
}

function run({ seed, count, keep }, options) {
  const runs = formsHere();
  const directory = mkdtempSync(join(tmpdir(), 'xmc-native-'));
  const files = chunks(seed, count).map((chunk, i) => {
    const file = join(directory, `native-${i}.jsonl`);
    const lines = record(sampleTests(chunk.seed, chunk.tests, runs), console.error);
    writeFileSync(file, `${lines.join('\n')}\n`);
    return file;
  });
  const { status } = spawnSync(process.execPath, [CLI, 'conform', ...options, ...files], { stdio: 'inherit' });
  if (keep || status !== EXIT.ok) console.error(`the tests are in ${directory}`);
  else rmSync(directory, { recursive: true });
  return status ?? EXIT.usage;
}

function main() {
  const { values, positionals } = parseArgs({
    options: {
      seed: { type: 'string', default: 'native' },
      count: { type: 'string', default: '5000' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(HELP);
    return EXIT.ok;
  }
  const count = Number(values.count);
  if (!Number.isInteger(count) || count < 1) throw new Error(`--count ${values.count} is not a number above 0`);
  requireRecorder();
  return run({ ...values, count }, positionals);
}

try {
  process.exitCode = main();
} catch (error) {
  const cannot = error instanceof CannotRecord;
  console.error(`conform:native: ${error.message}${cannot ? '; nothing was compared' : ''}`);
  process.exitCode = cannot ? EXIT.inconclusive : EXIT.usage;
}
