import { spawn, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { wantsColor } from '../../src/cli/color.js';
import { buildProgram } from '../../src/cli/program.js';
import { CALL_SWAP, callSwapWith, endOf, PROGRAM, Workshop, xmc } from './xmc.js';

describe.concurrent('help and usage', () => {
  it('prints help with examples and exit codes for every command', async () => {
    const program = buildProgram(() => {});
    const all = program.createHelp().visibleCommands(program);
    const names = all.map((command) => command.name()).filter((name) => name !== 'help');
    for (const command of [[], ...names.map((name) => [name])]) {
      const { code, stdout, stderr } = await xmc([...command, '--help']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('Usage: xmc');
      expect(stdout).toContain('\nExamples:\n');
      expect(stdout.split('\n').filter((line) => line.length > 120)).toEqual([]);
    }
  });

  it('prints its version', async () => {
    expect((await xmc(['--version'])).stdout).toMatch(/^xmc [0-9]+\.[0-9]+\.[0-9]+\n$/);
  });

  it.each([
    [[], 'Usage: xmc'],
    [['runn', 'x'], "xmc: error: unknown command 'runn'\nhint: did you mean run?\n"],
    [['run'], "xmc: error: missing required argument 'scenario'\n"],
    [['run', CALL_SWAP, '--sede', '3'], "xmc: error: unknown option '--sede'\nhint: did you mean --seed?\n"],
    [
      ['run', CALL_SWAP, '--seed', '-1'],
      "xmc: error: option '--seed <n>' argument '-1' is invalid. It must be a whole number",
    ],
    [['run', CALL_SWAP, '--scheduler', 'fair'], 'Allowed choices are round-robin, random, pct, starve.'],
    [['run', CALL_SWAP, '--variant', 'memcopy'], "has no variant 'memcopy'\nhint: did you mean 'memcpy'?\n"],
    [
      ['run', CALL_SWAP, '--json', '--trace'],
      'xmc: error: --trace and --json both go to standard output\nhint: give the trace a file: --trace=FILE\n',
    ],
    [
      ['run', CALL_SWAP, '--schedule', 'x'],
      'xmc: error: --schedule names one file, but several variants would be run\n',
    ],
    [
      ['run', CALL_SWAP, '--scheduler', 'round-robin', '--runs', '2'],
      'xmc: error: --runs has no meaning with --scheduler round-robin',
    ],
    [['disasm', '--base', '0x1ffffffffffffffff', '90'], 'It must be an address of 64 bits'],
  ])('refuses %j with 2', async (args, said) => {
    const { code, stdout, stderr } = await xmc(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(said);
  });
});

describe('help and completion', () => {
  const SIMULATOR = /iced-x86|\/zod\/|chalk|dist\/(cpu|encoder|machine|memory|search)\//;
  const PARSER = /\/yaml\/|dist\/scenario\//;

  it.each([
    [['--help'], [SIMULATOR, PARSER]],
    [
      ['complete', 'bash', '--', 'check', '--'],
      [SIMULATOR, PARSER],
    ],
    [['complete', 'bash', '--', 'check', CALL_SWAP, '--variant', ''], [SIMULATOR]],
  ])('start fast: %j loads commander, the command line and what it needs', (args, unwanted) => {
    // How long that takes is measured by `npm run bench`; a loaded machine would fail any limit.
    const hooks = `import { writeSync } from 'node:fs';
    export async function resolve(name, context, next) {
      const found = await next(name, context);
      // Written at once: what console.error of a hook's thread has not written is lost when the program ends.
      writeSync(2, found.url + '\\n');
      return found;
    }`;
    const data = (text: string): string => `data:text/javascript,${encodeURIComponent(text)}`;
    const register = `import { register } from 'node:module'; register(${JSON.stringify(data(hooks))});`;
    // The hook sees what is imported, not what is required.
    const flags = ['--no-experimental-require-module', '--import', data(register)];
    const { stderr } = spawnSync(process.execPath, [...flags, PROGRAM, ...args], { encoding: 'utf8' });
    const loaded = stderr.split('\n').filter((url) => url.startsWith('file:'));
    expect(loaded.some((url) => url.includes('/commander/'))).toBe(true);
    expect(loaded.some((url) => url.includes('/completion/complete.js'))).toBe(args[0] === 'complete');
    expect(loaded.filter((url) => unwanted.some((pattern) => pattern.test(url)))).toEqual([]);
  });
});

describe('colours', () => {
  it('are chosen by --color, then NO_COLOR, then FORCE_COLOR, then the terminal', () => {
    const [terminal, file] = [{ isTTY: true }, {}];
    expect(wantsColor('auto', {}, terminal)).toBe(true);
    expect(wantsColor('auto', {}, file)).toBe(false);
    expect(wantsColor('auto', { TERM: 'dumb' }, terminal)).toBe(false);
    expect(wantsColor('auto', { NO_COLOR: '' }, terminal)).toBe(true);
    expect(wantsColor('auto', { NO_COLOR: '1', FORCE_COLOR: '1' }, terminal)).toBe(false);
    expect(wantsColor('auto', { FORCE_COLOR: '1' }, file)).toBe(true);
    expect(wantsColor('auto', { FORCE_COLOR: '0' }, terminal)).toBe(false);
    expect(wantsColor('always', { NO_COLOR: '1' }, file)).toBe(true);
    expect(wantsColor('never', { FORCE_COLOR: '1' }, terminal)).toBe(false);
  });

  it('are in errors for people, and never in JSON', async () => {
    const args = ['run', CALL_SWAP, '--variant', 'text-poke-bp', '--steps', '9', '--json', '--color', 'always'];
    expect((await xmc(args)).stdout).not.toContain('\u001b');
    expect((await xmc(['run', 'missing.yaml'], { env: { FORCE_COLOR: '1' } })).stderr).toContain('\u001b[');
  });
});

describe('a reader that goes away', () => {
  it('ends the program quietly', async () => {
    const child = spawn(process.execPath, [PROGRAM, 'run', CALL_SWAP, '--variant', 'text-poke-bp', '--trace']);
    const ended = endOf(child);
    child.stdout.once('data', () => child.stdout.destroy());
    const { code, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 141, stderr: '' });
  });
});

describe('Ctrl-C', () => {
  it('tells what was found so far, keeps the trace, and exits with 130', async () => {
    const workshop = new Workshop();
    workshop.write('long.yaml', callSwapWith(['repeat: 20', 'repeat: 1000000']));
    const args = [
      'run',
      'long.yaml',
      '--variant',
      'text-poke-bp',
      '--steps',
      '900000000',
      '--trace=long.trace',
      '--jsonl',
    ];
    const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: workshop.path });
    const ended = endOf(child);
    child.stdout.once('data', () => child.kill('SIGINT'));
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      event: 'verdict',
      verdict: 'INCONCLUSIVE',
      reason: 'interrupted',
    });
    expect(workshop.files()).toEqual(['long.trace', 'long.yaml']);
    expect(workshop.read('long.trace')).toMatch(/\ninterrupted after [0-9]+ steps, state [0-9a-f]{16}\n\n$/);
  });
});
