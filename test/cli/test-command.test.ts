import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { endOf, PROGRAM, ROOT, Workshop } from './xmc.js';

const workshop = new Workshop();
const SWAP = readFileSync(join(ROOT, 'test/vitest/scenario-suite/swap.yaml'), 'utf8');
/** The patch by bytes is expected to be fine. */
const RACE = SWAP.replace(/\n.*expect: \{violated.*/, '').replace('algorithm: aligned-store\n', 'algorithm: memcpy\n');
const FOLDER = 'scenarios/__schedules__';

function write(name: string, content: string): void {
  workshop.write(join('scenarios', name), content);
}

function folder(name: string): string[] {
  return readdirSync(join(workshop.path, name)).sort();
}

beforeEach(() => {
  rmSync(join(workshop.path, 'scenarios'), { recursive: true, force: true });
  mkdirSync(join(workshop.path, 'scenarios'));
});

describe('xmc test', () => {
  it('passes when every variant is as expected, and leaves nothing behind', async () => {
    write('swap.yaml', SWAP);
    const { code, stdout, stderr } = await workshop.xmc(['test']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^scenarios\/swap\.yaml\n {2}ok {4}whole {4}VERIFIED exhaustive, \d+ states\n {2}ok {4}by-byte {2}VIOLATED no-torn-instruction, 3 steps\n\n2 variants as expected\n$/,
    );
    expect(folder('scenarios')).toEqual(['swap.yaml']);
  });

  it('keeps what it finds, fails by it, and passes when it is mended; what is kept stays until -u', async () => {
    write('swap.yaml', RACE);
    const first = await workshop.xmc(['test']);
    expect(first.code).toBe(1);
    expect(first.stdout).toContain('  FAIL  whole    VIOLATED no-torn-instruction, 3 steps; expected verified\n');
    const kept = ['swap.yaml.by-byte.schedule', 'swap.yaml.whole.schedule'];
    expect(folder(FOLDER)).toEqual(kept);
    expect(first.stdout).toMatch(
      /\n {2}replay {4}node \S+ replay scenarios\/__schedules__\/swap\.yaml\.whole\.schedule\n/,
    );

    write('swap.yaml', SWAP);
    const mended = await workshop.xmc(['test']);
    expect(mended.code).toBe(0);
    expect(mended.stdout).toContain(
      `${FOLDER}/swap.yaml.whole.schedule is stale at step 2: cpu0 proc 1 "memcpy: store one byte"`,
    );
    expect(folder(FOLDER)).toEqual(kept);

    expect((await workshop.xmc(['test', '-u'])).code).toBe(0);
    expect(folder(FOLDER)).toEqual([]);
  });

  it('keeps schedules anew when the environment says so', async () => {
    write('swap.yaml', SWAP);
    mkdirSync(join(workshop.path, FOLDER));
    write('__schedules__/swap.yaml.whole.schedule', 'xmc-schedule 9\n');
    expect((await workshop.xmc(['test'], { env: { XMC_UPDATE: '1' } })).code).toBe(0);
    expect(folder(FOLDER)).toEqual([]);
  });

  it('is inconclusive when a limit is met', async () => {
    write('swap.yaml', SWAP);
    const { code, stdout } = await workshop.xmc(['test', '--max-states', '5']);
    expect(code).toBe(3);
    expect(stdout).toContain('  ?     whole    INCONCLUSIVE limit of 5 states\n');
    expect(stdout).toMatch(/\n0 variants as expected, 2 inconclusive\n$/);
  });
});

describe('reports of xmc test', () => {
  it('go to files of their own beside the text', async () => {
    write('swap.yaml', RACE);
    const flags = ['--reporter', 'text', '--reporter', 'junit', '--reporter', 'sarif'];
    const files = ['--output-file', 'junit=x.xml', '--output-file', 'sarif=x.sarif'];
    const { code, stdout } = await workshop.xmc(['test', ...flags, ...files]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^scenarios\/swap\.yaml\n/);
    const line = RACE.split('\n').findIndex((text) => text.includes('whole:')) + 1;
    expect(workshop.read('x.xml')).toContain(
      `<testcase name="whole" classname="swap" file="scenarios/swap.yaml" line="${line}" time="0">`,
    );
    const log = JSON.parse(workshop.read('x.sarif'));
    const [cpu0, cpu1] = log.runs[0].results[0].codeFlows[0].threadFlows;
    const lines = (flow: typeof cpu0): number[] =>
      flow.locations.map((each: typeof cpu0) => each.location.physicalLocation.region.startLine);
    // The patch, and the line of `site:`.
    expect([lines(cpu0), lines(cpu1)]).toEqual([[28, 28], [9]]);
    expect(RACE.split('\n')[8]).toMatch(/site: {3}call/);
    expect(RACE.split('\n')[27]).toMatch(/new: "call/);
  });
});

describe('xmc test refuses', () => {
  it.each([
    [['test', 'nowhere/'], 'xmc: error: no scenario file matches nowhere/'],
    [['test', '--output-file', './scenarios/swap.yaml'], 'will not write a report over ./scenarios/swap.yaml'],
    [['test', '--reporter', 'junit', '--output-file', 'a/b.xml'], 'cannot write a/b.xml: no such file or directory'],
    [['test', 'scenarios/loop'], 'xmc: error: no scenario file matches scenarios/loop'],
    [['test', '--output-file', 'scenarios/loop'], 'scenarios/loop: too many symbolic links'],
  ])('%j', async (args, message) => {
    write('swap.yaml', SWAP);
    symlinkSync('loop', join(workshop.path, 'scenarios/loop'));
    const { code, stdout, stderr } = await workshop.xmc(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(workshop.files().filter((name) => name.endsWith('.tmp') || name === 'x')).toEqual([]);
  });

  it('to keep quiet about a race that it cannot write down', async () => {
    write('swap.yaml', RACE);
    // A file where the folder would be: that holds for whoever may write everywhere as well.
    writeFileSync(join(workshop.path, FOLDER), '');
    const { code, stdout } = await workshop.xmc(['test']);
    expect(code).toBe(2);
    expect(stdout).toContain('VIOLATED no-torn-instruction, 3 steps; expected verified');
    expect(stdout).toContain(`error: cannot write ${FOLDER}/swap.yaml.whole.schedule: `);
    expect(folder('scenarios')).toEqual(['__schedules__', 'swap.yaml']);
  });
});

it('xmc test ends quietly when nobody reads on, and leaves no file that is not whole', async () => {
  write('swap.yaml', SWAP);
  const args = [PROGRAM, 'test', '--reporter', 'text', '--reporter', 'junit', '--output-file', 'junit=y.xml'];
  const child = spawn(process.execPath, args, { cwd: workshop.path });
  child.stdout.destroy();
  const { code, stderr } = await endOf(child);
  expect({ code, stderr }).toEqual({ code: 141, stderr: '' });
  expect(workshop.files().filter((name) => name.includes('y.xml'))).toEqual([]);
});

it('xmc test that is interrupted in its last variant says in every report that it was not done', async () => {
  const text = readFileSync(join(ROOT, 'bench/looping-workers.yaml'), 'utf8');
  const [before = ''] = text.split(/^variants:$/m);
  const workers = 'expect: verified, tasks.worker.cpu: ';
  write(
    'looping.yaml',
    `${before}variants:\n  one: {${workers}1, cpus: 2}\n  four: {${workers}[1, 2, 3, 4], cpus: 5}\n`,
  );
  const args = [PROGRAM, 'test', '--reporter', 'text', '--reporter', 'sarif', '--output-file', 'sarif=x.sarif'];
  const child = spawn(process.execPath, args, { cwd: workshop.path });
  const ended = endOf(child);
  // The first variant is told; the second takes a minute.
  child.stdout.once('data', () => child.kill('SIGINT'));
  const { code, stdout } = await ended;
  expect(code).toBe(130);
  expect(stdout).toMatch(/\n {2}\? {5}four .*INCONCLUSIVE interrupted/);
  const [{ invocations }] = JSON.parse(workshop.read('x.sarif')).runs;
  expect(invocations).toMatchObject([{ executionSuccessful: false }]);
});
