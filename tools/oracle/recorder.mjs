import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isUserAddress, REGISTER_NAMES, STATUS_FLAGS } from './machine-state.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const PAGE_FAULT = 14;
/** record's exit code where programs cannot set what a test needs. */
const CANNOT = 3;

/** This machine cannot record, and why. */
export class CannotRecord extends Error {}

/** A test as record.c reads it. */
function inputLine(test, mode) {
  const { rip, rflags, ram } = test.initial;
  const registers = REGISTER_NAMES.map((name) => (test.initial[name] ?? '0').padStart(/^xmm/.test(name) ? 32 : 1, '0'));
  return [mode, test.bytes, rip, rflags, ...registers, ...ram.map((run) => run.join(':'))].join(' ');
}

/** Tests that are recorded at a time: a result holds all data. */
const CHUNK = 2000;

function execute(program, tests, modes) {
  const lines = [];
  for (let from = 0; from < tests.length; from += CHUNK) {
    const chunk = tests.slice(from, from + CHUNK);
    const input = chunk.map((test, i) => inputLine(test, modes[from + i])).join('\n');
    const { status, stdout, stderr } = spawnSync(program, {
      input: `${input}\n`,
      maxBuffer: 1 << 28,
      encoding: 'utf8',
    });
    if (status === CANNOT) throw new CannotRecord(stderr.trim());
    if (status !== 0) throw new Error(`record ended with ${status}: ${stderr.trim()}`);
    lines.push(...stdout.trimEnd().split('\n'));
  }
  return lines;
}

/** The other way to notice the end of a test; nothing else may differ. Undefined where only one way works. */
function otherMode(test) {
  if (test.branches || /^Pushf/.test(test.mnemonic)) return undefined;
  if (test.program) return test.showsTf ? undefined : 'p';
  return test.repeated ? 'r' : 'b';
}

function parseEnd(test, line) {
  if (line === 'lost') throw new Error(`${test.name} ${test.bytes}: did not end, or ended the recorder`);
  const [vector, error, cr2, rip, rflags, ...rest] = line.split(' ');
  const final = { rip, rflags };
  REGISTER_NAMES.forEach((name, i) => {
    const value = rest[i].replace(/^0+(?=.)/, '');
    if (value !== (test.initial[name] ?? '0')) final[name] = value;
  });
  final.ram = rest.slice(REGISTER_NAMES.length).map((run) => run.split(':'));
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
  if (test.program) return programLine(test, final);
  return JSON.stringify({ name, bytes, undefined: undefinedMask(test, final), initial, final });
}

/** A program ends behind an INT3; where it faults, the flags that are undefined there are not compared. */
function programLine({ name, bytes, initial, undefined: atEnd, faultMasks }, final) {
  const faulted = final.exception !== undefined;
  const mask = faulted ? faultMasks.get(BigInt(`0x${final.rip}`)) : BigInt(`0x${atEnd}`);
  if (mask === undefined) throw new Error(`${name} ${bytes}: ends at ${final.rip}, which is none of its instructions`);
  if (!faulted) final.rip = (BigInt(`0x${final.rip}`) + 1n).toString(16);
  return JSON.stringify({ name, bytes: `${bytes}cc`, until: 'int3', undefined: mask.toString(16), initial, final });
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

/**
 * Executes tests on this machine's CPU: twice, and once more stopped another way where that works.
 * @returns a line of a vector file for each
 * @throws when recordings differ
 */
export function record(tests, tell) {
  const directory = mkdtempSync(join(tmpdir(), 'oracle-'));
  try {
    const program = join(directory, 'record');
    execFileSync('gcc', ['-O2', '-Wall', '-Wextra', '-fno-stack-protector', '-o', program, join(here, 'record.c')], {
      stdio: 'inherit',
    });
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
    tell(`${tests.length} tests, recorded twice alike; ${both.length} of them also alike when stopped another way`);
    return tests.map((test, i) => vectorLine(test, lines[i]));
  } finally {
    rmSync(directory, { recursive: true });
  }
}
