import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkTraceOptions, type TraceOptions } from '../../src/cli/trace/trace-options.js';
import { eventLineSchema } from '../../src/report/trace/event-schema.js';
import { SMALL } from './small-scenario.js';
import { CALL_SWAP, callSwapWith, endOf, PROGRAM, Workshop } from './xmc.js';

const workshop = new Workshop();
const xmc = (...args: string[]) => workshop.xmc(args);
const swap = (...args: string[]) => xmc('run', CALL_SWAP, '--variant', 'memcpy', ...args);
workshop.write('small.yaml', SMALL);

describe('flags of traces', () => {
  it.each<[Partial<TraceOptions>, string, string | undefined]>([
    [
      { trace: '-', json: true },
      '--trace and --json both go to standard output',
      'give the trace a file: --trace=FILE',
    ],
    [
      { trace: '-', jsonl: true },
      '--trace and --jsonl both go to standard output',
      'give the trace a file: --trace=FILE',
    ],
    [{ json: true, jsonl: true }, '--json and --jsonl exclude each other', undefined],
    [{ trace: '' }, '--trace= needs the name of a file, or -', undefined],
    [
      { trace: '-', traceFormat: 'perfetto' },
      'a trace on standard output is text, among the results; perfetto is for a file',
      'give the trace a file: --trace=FILE',
    ],
    [
      { trace: '-', traceFormat: 'jsonl' },
      'a trace on standard output is text, among the results; jsonl is for a file',
      '--jsonl prints all results in that format',
    ],
    [{ traceFormat: 'text' }, '--trace-format is of a trace, and there is none', 'give it a file: --trace=FILE'],
    [{ only: 'site' }, '--only is of a trace, and there is none', 'add --trace, or --jsonl'],
    [{ jsonl: true, only: 'sites' }, '--only: unknown kind of event "sites"', "did you mean 'site'?"],
  ])('are refused where nothing can come of them: %j', (options, message, hint) => {
    expect(() => checkTraceOptions({ traceWidth: 100, ...options })).toThrow(
      expect.objectContaining({ message, hint }),
    );
  });
});

describe.concurrent('traces of xmc run', () => {
  it('have the format of the name of their file, or the one that is asked for', async () => {
    await swap('--trace=a.json');
    await swap('--trace=a.txt');
    await swap('--trace=b.txt', '--trace-format', 'jsonl');
    const { stdout } = await swap('--trace=a.jsonl', '--jsonl');
    expect(JSON.parse(workshop.read('a.json')).metadata.schema).toBe('xmc.perfetto/1');
    expect(workshop.read('a.jsonl')).toMatch(/^{"schema":"xmc.event\/1","event":"begin"/);
    expect(workshop.read('a.txt')).toMatch(/^call-swap, variant memcpy, random seed 1\n step {2}CPU 0/);
    expect(workshop.read('b.txt')).toBe(workshop.read('a.jsonl'));
    expect(stdout.startsWith(workshop.read('a.jsonl'))).toBe(true);
  });

  it('tell what --only names', async () => {
    const { stdout } = await swap('--jsonl', '--only', 'store,cpu0');
    const kinds = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).event);
    expect(kinds).toEqual(['begin', 'text-store', 'end', 'verdict']);
  });

  it('are refused with 2 and no file where they cannot be', async () => {
    for (const [flags, said] of [
      [['--trace=t', '--only', 'cpu7'], '--only: there is no CPU 7, only CPUs 0, 1, 2'],
      [['--trace', '--wide', '--trace-width', '120'], "'--wide' cannot be used with option '--trace-width <columns>'"],
    ] as const) {
      const { code, stdout, stderr } = await swap(...flags);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(said);
    }
    expect(workshop.files()).not.toContain('t');
  });

  it.runIf(process.platform === 'linux')('say when a device is full, and exit with 2', async () => {
    const { code, stderr } = await swap('--trace=/dev/full', '--trace-format', 'jsonl');
    expect([code, stderr]).toEqual([2, 'xmc: error: cannot write /dev/full: no space left on the device\n']);
  });
});

describe.concurrent('traces of xmc check and xmc replay', () => {
  it('are those of the counterexamples, each in a file of its own', async () => {
    const own = new Workshop();
    own.write('small.yaml', SMALL);
    const { code, stdout } = await own.xmc(['check', 'small.yaml', '--trace=out.jsonl']);
    expect(code).toBe(0);
    expect(own.files().filter((name) => name.startsWith('out'))).toEqual(['out.blind.jsonl', 'out.naive.jsonl']);
    expect(own.read('out.naive.jsonl')).toMatch(/"scheduler":"check, fast engine/);
    expect(stdout).toContain('replay small.naive.schedule');
    // The schedule that was written has the same steps.
    const replay = await own.xmc(['replay', 'small.naive.schedule', '--jsonl']);
    const lines = (text: string) =>
      text.split('\n').filter((line) => line.includes('"step":') && !line.includes('verdict'));
    expect(lines(replay.stdout)).toEqual(lines(own.read('out.naive.jsonl')));
    expect(lines(replay.stdout).length).toBe(5);
    expect(JSON.parse(replay.stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      event: 'verdict',
      outcome: 'reproduced',
    });
  });

  it('are lines of the one schema, of which the first says which it is', async () => {
    const checked = await xmc('check', 'small.yaml', '--jsonl', '--only', 'store');
    const lines = checked.stdout.trimEnd().split('\n');
    const kinds = lines.map((line) => eventLineSchema.parse(JSON.parse(line)).event);
    expect(lines[0]).toContain('"schema":"xmc.event/1"');
    expect(kinds.filter((kind) => kind !== 'text-store')).toEqual([
      'verdict',
      ...['begin', 'end', 'verdict'],
      ...['begin', 'end', 'verdict'],
    ]);
    const { stdout } = await xmc('check', 'small.yaml', '--json');
    const { variants } = JSON.parse(stdout);
    const verdicts = lines.map((line) => JSON.parse(line)).filter(({ event }) => event === 'verdict');
    expect(verdicts.map(({ schema, event, ...rest }) => rest)).toEqual(variants);
  });

  it('are refused before the search when they cannot be written', async () => {
    mkdirSync(join(workshop.path, 'dir.blind.json'), { recursive: true });
    const { code, stdout, stderr } = await xmc('check', 'small.yaml', '--trace=dir.json');
    expect([code, stdout, stderr]).toEqual([2, '', 'xmc: error: cannot write dir.blind.json: it is a directory\n']);
    const itself = await xmc('check', 'small.yaml', '--variant', 'naive', '--trace=./small.yaml');
    expect([itself.code, itself.stdout]).toEqual([2, '']);
    expect(itself.stderr).toContain('will not write the trace over ./small.yaml: it is the input');
  });
});

describe('a trace that is cut short', () => {
  const long = new Workshop();
  long.write('long.yaml', callSwapWith(['repeat: 20', 'repeat: 1000000']));
  const LONG = ['run', 'long.yaml', '--variant', 'text-poke-bp', '--steps', '900000000'];
  const started = (...args: string[]) => spawn(process.execPath, [PROGRAM, ...LONG, ...args], { cwd: long.path });

  it('by Ctrl-C is whole', async () => {
    const child = started('--trace=long.json', '--jsonl');
    child.stdout.once('data', () => child.kill('SIGINT'));
    child.stdout.resume();
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(130);
    const { traceEvents } = JSON.parse(long.read('long.json'));
    const count = (phase: string): number => traceEvents.filter(({ ph }: { ph: string }) => ph === phase).length;
    expect(count('B')).toBe(count('E'));
    expect(count('X')).toBeGreaterThan(400);
  });

  it('by a reader that goes away leaves no file, and ends quietly', async () => {
    const child = started('--trace=gone.json', '--jsonl');
    const ended = endOf(child);
    child.stdout.once('data', () => child.stdout.destroy());
    const { code, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 141, stderr: '' });
    expect(long.files().filter((name) => name.includes('gone'))).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('by a named pipe that closes says so', async () => {
    expect(spawnSync('mkfifo', [join(long.path, 'pipe')]).status).toBe(0);
    const reader = spawn('head', ['-c', '100', 'pipe'], { cwd: long.path });
    const child = started('--trace=pipe', '--json');
    const ended = endOf(child);
    const { code, stderr } = await ended;
    reader.kill();
    expect([code, stderr]).toEqual([2, 'xmc: error: cannot write pipe: its reader has gone away\n']);
  });
});
