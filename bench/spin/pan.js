import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MODEL = fileURLToPath(new URL('./text-poke-bp-desc.pml', import.meta.url));
const CC = process.env.CC ?? 'gcc';

/** The model's assertions, as pan prints them, and the properties of xmc that they stand for. */
const PROPERTIES = [
  [/left==right/, 'no-torn-instruction'],
  [/late/, 'quiesced-after-return'],
  [/refs>0/, 'int3-handled'],
];

/**
 * pan's flags, by the number of workers: the longest path, far more than any has, and the bits of the hash table. Both are
 * part of the memory that it tells.
 */
const PAN_FLAGS = [[], ['-m10000', '-w16'], ['-m10000', '-w18'], ['-m100000', '-w22'], ['-m10000000', '-w26']];
/** Four workers fit into memory in collapsed states only. */
const CC_FLAGS = (workers) => ['-O2', '-DSAFETY', ...(workers > 3 ? ['-DCOLLAPSE', '-DMEMLIM=12000'] : [])];

const versionOf = (command, flag) => spawnSync(command, [flag], { encoding: 'utf8' }).stdout?.split('\n')[0] ?? '';

/** Which of the tools are there: their versions, or what is missing. */
export function findSpin() {
  const versions = { spin: versionOf('spin', '-V'), cc: versionOf(CC, '--version') };
  const missing = [...(versions.spin === '' ? ['spin'] : []), ...(versions.cc === '' ? [CC] : [])];
  return missing.length === 0
    ? { versions }
    : { missing: `not measured: ${missing.join(' and ')} not found on PATH (apt-get install spin gcc)` };
}

/** @throws {Error} if the command cannot be started or fails */
function run(command, args, cwd) {
  const { error, status, signal, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (error === undefined && status === 0) return stdout;
  throw new Error(
    `${command} ${args.join(' ')}: ${error?.message ?? signal ?? `exit code ${status}`}\n${stdout}${stderr}`,
  );
}

const only = (pattern, text) => {
  const [, found] = pattern.exec(text) ?? [];
  if (found === undefined) throw new Error(`pan says nothing like ${pattern}:\n${text}`);
  return found;
};

/** pan writes what is large with an exponent: 2.7848399e+08. */
const count = (what, text) => Number(only(new RegExp(`([\\d.]+(?:e\\+\\d+)?) ${what}`), text));

/**
 * What pan found, from what it printed and then the shell's `times`.
 * @throws {Error} where the search was cut short, or an error is none of the model's assertions
 */
export function readPan(text) {
  const cut = /max search depth too small|out of memory|memory bound|Search not completed|reached -DMEMLIM/i.exec(text);
  const errors = Number(only(/errors: (\d+)/, text));
  // Search not completed is what pan says after an error as well.
  if (cut !== null && (errors === 0 || !/Search not completed/i.test(cut[0]))) {
    throw new Error(`pan did not search all states: ${cut[0]}`);
  }
  let end = 'exhausted';
  if (errors > 0) {
    const assertion = only(/assertion violated (.*?) \(at depth/, text).replaceAll(' ', '');
    const [, property] = PROPERTIES.find(([pattern]) => pattern.test(assertion)) ?? [];
    if (property === undefined) throw new Error(`pan found an error that the model does not name: ${assertion}`);
    end = property;
  }
  const [, user, userSeconds, system, systemSeconds] = /(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/.exec(text) ?? [];
  if (user === undefined) throw new Error(`the shell told no times:\n${text}`);
  const seconds = 60 * (Number(user) + Number(system)) + Number(userSeconds) + Number(systemSeconds);
  return {
    end,
    states: count('states, stored', text),
    transitions: count('transitions', text),
    MB: Math.round(Number(only(/([\d.]+)\s+total actual memory usage/, text))),
    'seconds of CPU': Number(seconds.toPrecision(3)),
  };
}

/** Searches the model, with some of its macros defined; only the search itself is timed. */
export function searchModel(workers, defines = []) {
  const folder = mkdtempSync(join(tmpdir(), 'xmc-spin-'));
  try {
    run('spin', ['-a', `-DWORKERS=${workers}`, ...defines.map((name) => `-D${name}`), MODEL], folder);
    run(CC, [...CC_FLAGS(workers), '-o', 'pan', 'pan.c'], folder);
    return readPan(run('sh', ['-c', '"$@"; times', 'sh', './pan', ...(PAN_FLAGS[workers] ?? [])], folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
