import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { endOf, PROGRAM, ROOT, Workshop } from './xmc.js';

const workshop = new Workshop();
const RECORDED = join(ROOT, 'test/conform/vectors/host-flag.jsonl.gz');

/** A test as a line of a file. */
const line = (name: string, bytes: string, initial: object, final: object, more: object = {}): string =>
  `${JSON.stringify({ name, bytes, initial: { rip: '10001000', rflags: '202', ...initial }, final, ...more })}\n`;

const GOOD = line('add:Add_rm64_r64', '4801d8', { rax: '1', rbx: '2' }, { rip: '10001003', rax: '3', rflags: '206' });
const WRONG = line(
  'push:Push_r64',
  '50',
  { rax: '5', rsp: '20001000', ram: [['20000ff8', '00']] },
  { rip: '10001001', rsp: '20000ff0', ram: [['20000ff8', '0600']] },
);
const UNSUPPORTED = line('addps:Addps_xmm_xmmm128', '0f58c1', { mxcsr: '1f80' }, { rip: '10001003' });
const OTHER_UNSUPPORTED = line('fld1:Fld1', 'd9e8', {}, { rip: '10001002' });
const LEFT_OUT = line('jmp:Jmp_rel8_64', '66eb00', {}, { rip: '10001003' });
const LOOP = line('loop', 'ffc975fccc', { rcx: '9' }, { rip: '10001005', rcx: '0', rflags: '246' }, { until: 'int3' });

const conform = (input: string | Uint8Array, ...args: string[]) => workshop.xmc(['conform', ...args, '-'], { input });

describe.concurrent('xmc conform', () => {
  it('passes tests recorded on a real CPU, from a packed file', async () => {
    const tests = gunzipSync(readFileSync(RECORDED)).toString().trimEnd().split('\n').length;
    const { code, stdout, stderr } = await workshop.xmc(['conform', RECORDED]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`${tests} tests on wasm and bigint: ${tests} passed, 0 failed, 0 unsupported\n`);
  });

  it('reads standard input, packed or not, whatever the name of a file', async () => {
    workshop.write('plain.gz', GOOD);
    workshop.write('packed.jsonl', gzipSync(`${GOOD}\r\n\n${LOOP.trimEnd()}`));
    const expected = { code: 0, stdout: '2 tests on wasm and bigint: 2 passed, 0 failed, 0 unsupported\n', stderr: '' };
    expect(await conform(GOOD + LOOP)).toEqual(expected);
    expect(await conform(gzipSync(GOOD + LOOP))).toEqual(expected);
    expect(await conform(Buffer.concat([gzipSync(GOOD), gzipSync(LOOP)]))).toEqual(expected);
    expect(await workshop.xmc(['conform', 'packed.jsonl'])).toEqual(expected);
    expect((await workshop.xmc(['conform', 'plain.gz', 'packed.jsonl'])).stdout).toContain('3 tests');
  });

  it('tells a failed test register by register, and exits with 1', async ({ expect }) => {
    const { code, stdout } = await conform(GOOD + WRONG);
    expect(code).toBe(1);
    expect(stdout).toMatchInlineSnapshot(`
      "FAILED push:Push_r64  <stdin>:2
        10001000: 50  push %rax
        on wasm and bigint:
          rsp         recorded 20000ff0, got 20000ff8
          [20000ff8]  recorded 06, got 05

      2 tests on wasm and bigint: 1 passed, 1 failed, 0 unsupported
      "
    `);
  });

  it('shows the first 20 failed tests, or all', async () => {
    const input = WRONG.repeat(23);
    const shown = (text: string): number => text.split('FAILED').length - 1;
    const some = await conform(input, '--backend', 'wasm');
    expect(shown(some.stdout)).toBe(20);
    expect(some.stdout).toContain('\n3 more failed tests: --all shows them\n');
    const all = await conform(input, '--all', '--backend', 'wasm');
    expect(shown(all.stdout)).toBe(23);
    expect(all.stdout).not.toContain('--all');
    expect(all.stdout).toContain('23 tests on wasm: 0 passed, 23 failed, 0 unsupported\n');
  });

  it('exits with 3 when something is not supported and nothing failed, and says what', async ({ expect }) => {
    const { code, stdout } = await conform(GOOD + UNSUPPORTED + OTHER_UNSUPPORTED + OTHER_UNSUPPORTED + LEFT_OUT);
    expect(code).toBe(3);
    expect(stdout).toMatchInlineSnapshot(`
      "5 tests on wasm and bigint: 1 passed, 0 failed, 3 unsupported, 1 left out

      unsupported:
        2  fld1 (Fld1)
        1  register mxcsr

      left out, because processors differ:
        1  an operand-size prefix on a near branch, which Intel ignores and AMD obeys
      "
    `);
    expect((await conform(WRONG + UNSUPPORTED)).code).toBe(1);
  });

  it('exits with 3 when there was nothing to compare', async () => {
    expect(await conform('\n')).toEqual({
      code: 3,
      stdout: '0 tests on wasm and bigint: 0 passed, 0 failed, 0 unsupported\n',
      stderr: '',
    });
    expect((await conform(LEFT_OUT)).code).toBe(3);
    expect((await conform(LEFT_OUT + GOOD)).code).toBe(0);
  });

  it('names a malformed line, runs the rest, and exits with 2', async () => {
    workshop.write('bad.jsonl', `${GOOD}{"bytes": "zz"}\n${GOOD}{\n${WRONG}`);
    const { code, stdout, stderr } = await workshop.xmc(['conform', 'bad.jsonl', 'missing.jsonl', 'plain2.jsonl']);
    expect(code).toBe(2);
    expect(stdout).toContain('3 tests on wasm and bigint: 2 passed, 1 failed, 0 unsupported, 4 malformed\n');
    expect(stderr).toBe(
      'bad.jsonl:2: error: not a test vector: no "initial"\n' +
        'bad.jsonl:4: error: not a test vector: not a JSON object\n' +
        'missing.jsonl: error: cannot be read: no such file or directory\n' +
        'plain2.jsonl: error: cannot be read: no such file or directory\n',
    );
  });

  it('runs what comes before the damage of a packed file', async () => {
    const packed = gzipSync(GOOD.repeat(5000), { level: 0 });
    const { code, stdout, stderr } = await conform(packed.subarray(0, packed.length >> 1));
    expect(code).toBe(2);
    expect(stderr).toContain('<stdin>: error: damaged gzip data: unexpected end of file\n');
    expect(Number(/^([0-9,]+) tests/.exec(stdout)?.[1]?.replace(',', ''))).toBeGreaterThan(1000);
  });

  it('refuses bytes that are no text, and prints no control characters of a name', async () => {
    const broken = await conform(Buffer.concat([Buffer.from(GOOD), Buffer.of(0xff, 0x0a)]));
    expect(broken.code).toBe(2);
    expect(broken.stderr).toBe('<stdin>:2: error: not text (UTF-8)\n');
    const { stdout } = await conform(WRONG.replace('push:Push_r64', '\\u001b[31m'));
    expect(stdout).not.toContain('\u001b');
  });

  it('prints totals by mnemonic', async ({ expect }) => {
    const { stdout } = await conform(GOOD + GOOD + WRONG + UNSUPPORTED + LEFT_OUT + LOOP, '--by-mnemonic');
    expect(stdout.slice(stdout.indexOf('mnemonic'), stdout.indexOf('\n\n6 tests'))).toMatchInlineSnapshot(`
      "mnemonic        passed       failed  unsupported     left out
      (program)            1            0            0            0
      add                  2            0            0            0
      addps                0            0            1            0
      jmp                  0            0            0            1
      push                 0            1            0            0"
    `);
  });

  it('prints one JSON object', async ({ expect }) => {
    const { code, stdout } = await conform(`${GOOD + WRONG + UNSUPPORTED}{\n`, '--json', '--color', 'always');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      schema: 'xmc.conform/1',
      files: ['<stdin>'],
      backends: ['wasm', 'bigint'],
      exitCode: 2,
      tests: 3,
      passed: 1,
      failed: 1,
      unsupported: 1,
      leftOut: 0,
      malformed: 1,
      failures: [
        {
          name: 'push:Push_r64',
          file: '<stdin>',
          line: 2,
          bytes: '50',
          findings: [
            {
              backends: ['wasm', 'bigint'],
              mismatches: [
                { what: 'rsp', recorded: '20000ff0', got: '20000ff8' },
                { what: '[20000ff8]', recorded: '06', got: '05' },
              ],
            },
          ],
        },
      ],
      malformedLines: [{ file: '<stdin>', line: 4, message: 'not a test vector: not a JSON object' }],
      unsupportedReasons: [{ reason: 'register mxcsr', count: 1 }],
      leftOutReasons: [],
      mnemonics: [
        { mnemonic: 'add', passed: 1, failed: 0, unsupported: 0, leftOut: 0 },
        { mnemonic: 'addps', passed: 0, failed: 0, unsupported: 1, leftOut: 0 },
        { mnemonic: 'push', passed: 0, failed: 1, unsupported: 0, leftOut: 0 },
      ],
    });
  });

  it('tells what was found so far when Ctrl-C comes while it waits for input', async () => {
    const child = spawn(process.execPath, [PROGRAM, 'conform', '-']);
    const ended = endOf(child);
    // The failure of the first lines is told before all input is there.
    child.stdout.once('data', () => child.kill('SIGINT'));
    child.stdin.write(WRONG + GOOD.repeat(255));
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(stdout).toMatch(/\n256 tests on wasm and bigint: 255 passed, 1 failed, 0 unsupported\n$/);
  });

  it('refuses to read standard input twice', async () => {
    const { code, stderr } = await conform(GOOD, '-');
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'xmc: error: standard input is named twice\n' });
  });
});
