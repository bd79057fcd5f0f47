import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { generateTests } from './generate.mjs';
import { GPR_NAMES, isUserAddress, STATUS_FLAGS } from './machine-state.mjs';

const HELP = `usage: node tools/oracle/record.mjs [--seed TEXT] [--out DIRECTORY] [--inputs]

Generates tests of single instructions, executes them on this machine's CPU (x86-64 Linux, needs gcc) and writes
host-<group>.jsonl.gz. See tools/oracle/README.md.

  --seed TEXT       seed of the generator (default: xmc)
  --out DIRECTORY   where the files go (default: test/conform/vectors)
  --inputs          print the tests without executing them`;

const here = fileURLToPath(new URL('.', import.meta.url));
const DEFAULT_OUT = fileURLToPath(new URL('../../test/conform/vectors', import.meta.url));
const PAGE_FAULT = 14;

/** A test as record.c reads it. */
function inputLine(test, mode) {
  const { rip, rflags, ram } = test.initial;
  const registers = GPR_NAMES.map((name) => test.initial[name] ?? '0');
  return [mode, test.bytes, rip, rflags, ...registers, ...ram.map((run) => run.join(':'))].join(' ');
}

function execute(program, tests, modes) {
  const input = tests.map((test, i) => inputLine(test, modes[i])).join('\n');
  const output = execFileSync(program, { input: `${input}\n`, maxBuffer: 1 << 28, encoding: 'utf8' });
  return output.trimEnd().split('\n');
}

/** The other way to notice the end of a test; nothing else may differ. Undefined where only one way works. */
function otherMode(test) {
  if (test.branches || test.mnemonic?.startsWith('Pushf')) return undefined;
  return test.repeated ? 'r' : 'b';
}

function parseEnd(test, line) {
  if (line === 'lost') throw new Error(`${test.name} ${test.bytes}: did not end, or ended the recorder`);
  const [vector, error, cr2, rip, rflags, ...rest] = line.split(' ');
  const final = { rip, rflags };
  GPR_NAMES.forEach((name, i) => {
    if (rest[i] !== (test.initial[name] ?? '0')) final[name] = rest[i];
  });
  final.ram = rest.slice(GPR_NAMES.length).map((run) => run.split(':'));
  if (vector !== '-') {
    final.exception = { vector: Number(vector), error: Number.parseInt(error, 16) };
    if (final.exception.vector === PAGE_FAULT) {
      // Linux hides from programs what is mapped in the kernel's half: its error code would not be the CPU's.
      if (!isUserAddress(BigInt(`0x${cr2}`))) throw new Error(`${test.name} ${test.bytes}: faults at ${cr2}`);
      final.exception.cr2 = cr2;
    }
  }
  return final;
}

/**
 * A repeated comparison that faults after some iterations: the SDM restores the flags from before the instruction,
 * a single step shows those of the last iteration. Neither is compared.
 */
function undefinedMask(test, final) {
  const midway = final.exception !== undefined && test.repeated && /^(Cmps|Scas)/.test(test.mnemonic);
  return midway ? (BigInt(`0x${test.undefined}`) | STATUS_FLAGS).toString(16) : test.undefined;
}

function vectorLine(test, line) {
  const { name, bytes, initial } = test;
  const final = parseEnd(test, line);
  return JSON.stringify({ name, bytes, undefined: undefinedMask(test, final), initial, final });
}

/** Every difference between two recordings of the same tests. */
function differences(tests, first, second) {
  return tests.flatMap((test, i) => {
    const a = vectorLine(test, first[i]);
    const b = vectorLine(test, second[i]);
    const mask = BigInt(`0x${JSON.parse(a).undefined}`);
    const comparable = (line) => {
      const parsed = JSON.parse(line);
      parsed.final.rflags = (BigInt(`0x${parsed.final.rflags}`) & ~mask).toString(16);
      return JSON.stringify(parsed.final);
    };
    return a === b || comparable(a) === comparable(b) ? [] : [`${test.name} ${test.bytes}\n  ${a}\n  ${b}`];
  });
}

function record(tests) {
  const directory = mkdtempSync(join(tmpdir(), 'oracle-'));
  try {
    const program = join(directory, 'record');
    execFileSync('gcc', ['-O2', '-Wall', '-Wextra', '-o', program, join(here, 'record.c')], { stdio: 'inherit' });
    const modes = tests.map((test) => test.mode);
    const lines = execute(program, tests, modes);
    const again = execute(program, tests, modes);
    const changed = lines.filter((line, i) => line !== again[i]).length;
    const both = tests.filter((test) => otherMode(test) !== undefined);
    const kept = lines.filter((_, i) => otherMode(tests[i]) !== undefined);
    const apart = differences(both, kept, execute(program, both, both.map(otherMode)));
    if (changed > 0 || apart.length > 0) {
      throw new Error(
        `recordings differ: ${changed} between two runs; between the two ways to stop:\n${apart.join('\n')}`,
      );
    }
    console.error(
      `${tests.length} tests, recorded twice alike; ${both.length} of them also alike when stopped another way`,
    );
    return lines;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function writeVectors(out, tests, lines) {
  mkdirSync(out, { recursive: true });
  const groups = new Map();
  tests.forEach((test, i) => {
    groups.set(test.file, [...(groups.get(test.file) ?? []), vectorLine(test, lines[i])]);
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
  else writeVectors(values.out, tests, record(tests));
}
