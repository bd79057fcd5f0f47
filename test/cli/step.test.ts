import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Terminal } from './terminal.js';
import { CALL_SWAP, ROOT, Workshop } from './xmc.js';

const workshop = new Workshop();
const STUB = join(ROOT, 'test/schedules/stub.plain.schedule');
const SCENARIO = join(ROOT, 'scenarios/stub.yaml');
const NOTE = 'xmc: note: no terminal: the trace is printed\n';

const inTerminal = (args: readonly string[], more: { env?: Record<string, string> } = {}): Terminal =>
  new Terminal(['step', ...args], { cwd: workshop.path, ...more });

describe.concurrent('xmc step without a terminal', () => {
  it('prints the trace of a schedule, as xmc replay does', async () => {
    const { code, stdout, stderr } = await workshop.xmc(['step', STUB]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: NOTE });
    expect(stdout).toMatch(/^stub, variant plain, replay of [\s\S]*\nREPRODUCED {2}VIOLATED no-use-after-reuse/);
  });

  it('prints the trace of a scenario, every CPU in turn, as xmc run does', async () => {
    workshop.write('call-swap.memcpy.schedule', 'xmc-schedule 1\n');
    const { code, stdout, stderr } = await workshop.xmc(['step', CALL_SWAP, '--variant', 'memcpy']);
    // A counterexample that lies there stays: nobody has asked for another.
    expect(workshop.read('call-swap.memcpy.schedule')).toBe('xmc-schedule 1\n');
    expect({ code, stderr }).toEqual({ code: 0, stderr: NOTE });
    expect(stdout).toMatch(/call-swap, variant memcpy, round-robin\n[\s\S]*after [0-9]+ steps, state [0-9a-f]{16}\n/);
  });

  it.each([
    [
      'a schedule of another version',
      () => [workshop.write('v9.schedule', 'xmc-schedule 9\n')],
      /v9\.schedule:1: error: a schedule of format 9; this program reads format 1/,
    ],
    ['a file that is not there', () => ['nowhere.yaml'], /nowhere\.yaml: error: cannot be read: no such file/],
    ['standard input', () => ['-'], /xmc step has the keyboard on standard input: name a file/],
    ['--variant with a schedule', () => [STUB, '--variant', 'plain'], /--variant has no meaning with a schedule/],
    ['--at with a scenario', () => [SCENARIO, '--at', '3'], /--at has no meaning with a scenario/],
  ])('refuses %s and exits with 2', async (_what, args, said) => {
    // biome-ignore format: a table
    const { code, stdout, stderr } = await workshop.xmc(['step', ...args()]);
    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(/internal error/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe.concurrent('xmc step in a terminal', () => {
  it('walks through a counterexample, follows the size, saves a schedule that replays, and gives the terminal back', async () => {
    const terminal = inTerminal([STUB]);
    await terminal.sees(/^stub, plain {2}step 0 of 57 {2}recorded[\s\S]*n step {2}up back/);
    expect(terminal.isAlternate).toBe(true);
    terminal.press('eee');
    await terminal.sees(/^stub, plain {2}step 3 of 57[\s\S]*the next event: step 3 \(text-store\)/);
    terminal.resize(120, 40);
    await terminal.sees(/^stub, plain {2}step 3 of 57.{60,}ideal\n[\s\S]* rsp ffffc90000011000 {2}r13 0/);
    terminal.resize(60, 20);
    await terminal.sees(/^stub, plain {2}step 3 of 57.{1,30}ideal\n-{60}\n\[CPU 0\]/);
    terminal.resize(80, 24);
    terminal.press('\u001b[F');
    await terminal.sees('VIOLATED no-use-after-reuse');
    terminal.press('\u001b[A');
    await terminal.sees('step 56 of 57');
    terminal.press('S');
    await terminal.sees('save to: stub.plain.step-56.schedule_');
    terminal.press('\r');
    await terminal.sees('56 steps saved');
    await terminal.answer('S', 'save to', 'nowhere/x.schedule');
    await terminal.sees('cannot write nowhere/x.schedule: no such file or directory');
    terminal.press('q');
    expect(await terminal.exited).toBe(0);
    expect([terminal.isAlternate, terminal.screen.split('\n')[0]]).toEqual([false, 'before']);
    expect(workshop.files().filter((name) => /step-56|tmp|nowhere/.test(name))).toEqual([
      'stub.plain.step-56.schedule',
    ]);
    const { code, stdout } = await workshop.xmc(['replay', 'stub.plain.step-56.schedule']);
    expect([code, stdout.slice(0, 10)]).toEqual([0, 'REPRODUCED']);
  });

  it('asks for a variant before anything is drawn', async () => {
    const terminal = inTerminal([SCENARIO]);
    expect(await terminal.exited).toBe(2);
    expect(terminal.raw).toMatch(/has 5 variants[\s\S]*choose one with --variant: text-poke-bp, plain/);
    expect(terminal.raw).not.toContain('\u001b[?1049h');
  });
});
