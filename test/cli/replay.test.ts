import { beforeAll, describe, expect, it } from 'vitest';
import { CALL_SWAP, CRC, callSwapWith, Workshop } from './xmc.js';

const workshop = new Workshop();
const replay = (...args: string[]) => workshop.xmc(['replay', ...args]);

const SWAP = 'swap.schedule';
const ELF = 'elf.schedule';

beforeAll(async () => {
  await Promise.all([
    workshop.xmc(['run', CALL_SWAP, '--variant', 'memcpy', '--schedule', SWAP]),
    workshop.xmc(['run', CRC, '--variant', 'memcpy', '--schedule', ELF]),
  ]);
});

let copies = 0;

/** The schedule with some text replaced, under another name. */
function damaged(from: string | RegExp, to: string): string {
  const text = workshop.read(SWAP);
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`nothing to replace: ${from}`);
  return workshop.write(`damaged-${copies++}.schedule`, changed);
}

describe.concurrent('xmc replay', () => {
  it('reproduces the recorded end, in the same state on both backends, with nothing but the schedule file', async () => {
    const hash = /\nhash ([0-9a-f]{16})\n/.exec(workshop.read(ELF))?.[1];
    for (const backend of ['wasm', 'bigint']) {
      const { code, stdout, stderr } = await replay(ELF, '--backend', backend, '--json');
      expect(stderr).toBe('');
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ schema: 'xmc.replay/1', outcome: 'reproduced', hash });
    }
  });

  it('tells the violation again and traces it, also of standard input', async () => {
    const args = ['replay', '-', '--trace=swap.trace'];
    const { code, stdout } = await workshop.xmc(args, { input: workshop.read(SWAP) });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^REPRODUCED {2}VIOLATED no-torn-instruction {2}[0-9]+ steps, state [0-9a-f]{16}\n/);
    expect(stdout).toContain('version B');
    expect(workshop.read('swap.trace')).toContain('memcpy: store one byte');
  });

  it('gives RDRAND the numbers of the run, whose seed the schedule has if one was drawn', async () => {
    const drawing: [string, string] = ['after:  jmp.rel8 worker', 'after: rdrand %rbx; jmp.rel8 worker'];
    workshop.write('random.yaml', callSwapWith(drawing));
    for (const file of ['random-7.schedule', 'random-again.schedule']) {
      const args = ['run', 'random.yaml', '--variant', 'text-poke-bp', '--steps', '200', '--seed', '7'];
      await workshop.xmc([...args, '--schedule', file]);
    }
    const text = workshop.read('random-7.schedule');
    expect(workshop.read('random-again.schedule')).toBe(text);
    expect(text).toMatch(/\nscheduler random seed 7\nrandom 7\nsteps /);
    for (const backend of ['wasm', 'bigint']) {
      const { code, stdout } = await replay('random-7.schedule', '--backend', backend);
      expect([code, stdout.slice(0, 10)]).toEqual([0, 'REPRODUCED']);
    }
    for (const other of ['random 8\n', '']) {
      const without = workshop.write('other.schedule', text.replace('\nrandom 7\n', `\n${other}`));
      expect((await replay(without)).stdout).toMatch(/^DIVERGED {2}at step [0-9]+ of [0-9]+: cpu[12] insn\n/);
    }
    expect(workshop.read(SWAP)).not.toMatch(/\nrandom /);
  });

  it('diverges from another scenario at a named step, and exits with 3', async () => {
    workshop.write('same.yaml', callSwapWith());
    expect((await replay(SWAP, '--against', 'same.yaml')).code).toBe(0);
    workshop.write('other.yaml', callSwapWith(['mov $1, %eax', 'mov $3, %eax']));
    const { code, stdout } = await replay(SWAP, '--against', 'other.yaml');
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /^DIVERGED {2}at step 2 of [0-9]+: cpu[12] insn\n {2}recorded {2}state [0-9a-f]{16}\n {2}found {5}state [0-9a-f]{16}\n/,
    );
  });

  it.each([
    [
      'another label',
      'mutex_lock(&text_mutex)',
      'mutex_lock(&other_mutex)',
      /recorded {2}"mutex_lock\(&other_mutex\); patch begins"\n {2}found {5}"mutex_lock\(&text_mutex\)/,
    ],
    [
      'a step that is not enabled',
      /^( *3 cpu)[0-9]/m,
      '$17',
      /at step 3 of .*: cpu7 .*\n {2}recorded {2}cpu7 .* is enabled\n {2}found {5}enabled: cpu0/,
    ],
    [
      'another end',
      'property no-torn',
      'property no-thorn',
      /at the end, after .* steps\n {2}recorded {2}property no-thorn-instruction\n/,
    ],
  ])('diverges at %s, and exits with 3', async (_what, from, to, said) => {
    const { code, stdout } = await replay(damaged(from, to));
    expect(code).toBe(3);
    expect(stdout).toMatch(said);
  });
});

describe.concurrent('xmc replay of a damaged file', () => {
  it.each([
    ['cut off', /^ *9 [\s\S]*/m, '', /:[0-9]+: error: the file ends where step 9 of [0-9]+/],
    ['of a later version', 'xmc-schedule 1', 'xmc-schedule 2', /:1: error: a schedule of format 2/],
    [
      'with an unknown variant',
      'variant memcpy',
      'variant memcopy',
      /error: scenario 'call-swap' has no variant 'memcopy'/,
    ],
  ])('%s is one error with its line, and exits with 2', async (_what, from, to, said) => {
    const { code, stdout, stderr } = await replay(damaged(from, to), '--trace=damaged.trace');
    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(/^ +at |internal error/m);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(workshop.files()).not.toContain('damaged.trace');
  });
});
