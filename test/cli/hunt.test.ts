import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SMALL as SMALL_SCENARIO } from './small-scenario.js';
import { endOf, PROGRAM, ROOT, Workshop } from './xmc.js';

const workshop = new Workshop();
const hunt = (...args: string[]) => workshop.xmc(['hunt', ...args]);

/** Its executions end soon. */
const SMALL = SMALL_SCENARIO.replace('variants:', 'steps: 500\nvariants:');
workshop.write('small.yaml', SMALL);
const NOTHING_EXPECTED = SMALL.replace('{expect: verified}', '{}').replace(/(memcpy), expect: .*}}/, '$1}');
workshop.write('bare.yaml', NOTHING_EXPECTED);
workshop.write('wrong.yaml', SMALL.replace('expect: verified', 'expect: {violated: no-torn-instruction}'));
workshop.write(
  'goal.yaml',
  SMALL.replace('variants:', 'check: {sometimes: {never: "worker.rax == 12345"}}\nvariants:'),
);
const json = async (...args: string[]) => JSON.parse((await hunt(...args, '--json')).stdout);

describe.concurrent('xmc hunt', () => {
  it('says that random executions found nothing, never that something is verified', async ({ expect }) => {
    const { code, stdout, stderr } = await hunt('small.yaml', '--variant', 'whole', '--executions', '50');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^whole {2}NO BUG FOUND {2}50 executions, [0-9,]+ steps; as expected$/m);
    expect(stdout.replace(/\s+/g, ' ')).toContain('portfolio, seed 1; executions of at most 500 steps');
    expect(stdout).toContain('violated by uniform 0 of 10, pct 0 of 10, pos 0 of 10, surw 0 of 10, starve 0 of 10');
    expect(stdout).toMatch(/goals reached: (\d) of \1$/m);
    expect(stdout.toLowerCase()).not.toContain('verified');
    expect(stderr).toMatch(/^xmc: note: whole: 50 executions in [0-9.]+ s, [0-9,]+ executions\/s\n$/);
  });

  it('tells a violation by a shrunk schedule, which replays', async ({ expect }) => {
    const args = ['small.yaml', '--variant', 'naive', '--executions', '20', '--schedule', 'naive.schedule'];
    const { code, stdout } = await hunt(...args);
    // As the scenario expects.
    expect(code).toBe(0);
    expect(stdout).toMatch(/^naive {2}VIOLATED no-torn-instruction {2}20 executions, [0-9,]+ steps; as expected$/m);
    expect(stdout).toMatch(/^ {2}no-torn-instruction at site: 3 steps, 1 preemption, 1 changes? of CPU$/m);
    expect(stdout).toMatch(/shrunk from [0-9,]+ steps?; no single step can be left out/);
    expect(stdout).toMatch(/^ step {2}CPU 0 +CPU 1 +site$/m);
    expect(stdout).toMatch(/^ {2}schedule {2}naive.schedule \(3 steps\)$/m);
    const lines = workshop.read('naive.schedule').split('\n');
    expect(lines[3]).toMatch(/^scheduler hunt, [a-z]+ seed 1, execution [0-9]+$/);
    expect(lines[4]).toMatch(/^shrunk from [0-9]+ steps, 1-minimal$/);
    const replay = await workshop.xmc(['replay', 'naive.schedule']);
    expect([replay.code, replay.stderr]).toEqual([0, '']);
  });

  it('finds in turn what a stale fetch leads to', async ({ expect }) => {
    const { variants } = await json(
      'small.yaml',
      '--variant',
      'blind',
      '--executions',
      '40',
      '--schedule',
      'b.schedule',
    );
    expect(variants).toMatchObject([{ verdict: 'VIOLATED', property: 'quiesced-after-return', asExpected: true }]);
    expect(variants[0].violations[0]).toMatchObject({ property: 'quiesced-after-return', steps: 7, minimal: true });
  });

  it('prints the same bytes whenever it does the same', async ({ expect }) => {
    for (const extra of [['--json'], []]) {
      const args = ['small.yaml', '--variant', 'naive', '--executions', '30', '--schedule', 'same.schedule', ...extra];
      const [one, other] = [await hunt(...args), await hunt(...args)];
      expect(other.stdout).toBe(one.stdout);
    }
  });

  it('gives an object to programs, with who found what', async ({ expect }) => {
    const result = await json('small.yaml', '--variant', 'naive', '--executions', '10', '--schedule', 'json.schedule');
    expect(result).toMatchObject({ schema: 'xmc.hunt/1', scenario: 'small', exitCode: 0 });
    const [variant] = result.variants;
    expect(variant).toMatchObject({ strategy: 'portfolio', seed: 1, executions: 10, preemptions: null });
    const names = variant.strategies.map(({ strategy }: { strategy: string }) => strategy);
    expect(names).toEqual(['uniform', 'pct', 'pos', 'surw', 'starve']);
    for (const { foundBy, execution, strategy, schedule } of variant.violations) {
      expect(foundBy.find((one: { strategy: string }) => one.strategy === strategy)?.first).toBe(execution);
      expect(workshop.files()).toContain(schedule);
    }
  });

  it('takes one strategy, and another seed', async ({ expect }) => {
    const args = ['small.yaml', '--variant', 'naive', '--executions', '6', '--schedule', 'pct.schedule'];
    const { variants } = await json(...args, '--strategy', 'pct', '--preemptions', '1', '--seed', '5');
    expect(variants[0]).toMatchObject({ strategy: 'pct', preemptions: 1, seed: 5 });
    expect(variants[0].strategies).toMatchObject([{ strategy: 'pct', executions: 6 }]);
  });

  it('exits with 1 for a violation and 0 for none where the scenario expects nothing', async ({ expect }) => {
    const args = ['bare.yaml', '--executions', '10', '--schedule', 'bare.schedule'];
    expect((await hunt(...args, '--variant', 'naive')).code).toBe(1);
    expect((await hunt(...args, '--variant', 'whole')).code).toBe(0);
  });

  it('exits with 1 where an expected violation was not found', async ({ expect }) => {
    const { code, stdout } = await hunt('wrong.yaml', '--variant', 'whole', '--executions', '20');
    expect(stdout).toContain('EXPECTED violated no-torn-instruction');
    expect(code).toBe(1);
  });

  it('is inconclusive where a goal was never reached', async ({ expect }) => {
    const { code, stdout } = await hunt('goal.yaml', '--variant', 'whole', '--executions', '10');
    expect(stdout).toContain('INCONCLUSIVE vacuous');
    expect(stdout).toContain('goal not reached: sometimes never');
    expect(code).toBe(3);
  });

  it('hunts for as long as it may, and is inconclusive only if more was asked for', async ({ expect }) => {
    const [alone, both] = await Promise.all([
      hunt('small.yaml', '--variant', 'whole', '--timeout', '1'),
      hunt('small.yaml', '--variant', 'whole', '--timeout', '1', '--executions', '100000000'),
    ]);
    expect([alone.code, alone.stdout.includes('NO BUG FOUND')]).toEqual([0, true]);
    expect([both.code, both.stdout.includes('INCONCLUSIVE timeout of 1 s')]).toEqual([3, true]);
  });

  it('tells what was found before Ctrl-C', async ({ expect }) => {
    const args = ['hunt', 'small.yaml', '--variant', 'naive', '--executions', '1000000000', '--schedule', 'c.schedule'];
    const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: workshop.path });
    const ended = endOf(child);
    // Its first line is there before the first execution.
    child.stdout.once('data', () => setTimeout(() => child.kill('SIGINT'), 1000));
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(stdout).toContain('VIOLATED no-torn-instruction');
    expect(workshop.read('c.schedule')).toMatch(/^end violated$/m);
  });

  it('names further violations beside the one of the verdict', async ({ expect }) => {
    const scenario = join(ROOT, 'scenarios/matrix/text-poke-bp-no-sync2.yaml');
    const { variants } = await json(
      scenario,
      '--variant',
      'call-h9',
      '--executions',
      '60',
      '--schedule',
      'more.schedule',
    );
    const names = variants[0].violations.map(({ schedule }: { schedule: string }) => schedule);
    expect(names.slice(0, 2)).toEqual(['more.schedule', 'more.2.schedule']);
    for (const name of names) expect((await workshop.xmc(['replay', name])).code).toBe(0);
  });
});

describe.concurrent('what xmc hunt refuses', () => {
  it.for([
    [['--strategy', 'ptc'], 'unknown strategy "ptc"\nhint: did you mean \'pct\'?'],
    [['--strategy', 'bisection'], 'hint: known: uniform, pct, pos, surw, starve, portfolio'],
    [['--executions', '0'], "argument '0' is invalid"],
    [['--timeout', '-1'], "argument '-1' is invalid"],
    [['--timeout', '0'], "argument '0' is invalid"],
    [['--preemptions', 'many'], "argument 'many' is invalid"],
    [['--seed', '4294967296'], "argument '4294967296' is invalid"],
    [['--variant', 'nave'], 'naive'],
    [['--schedule', 'x.schedule'], 'several variants would be hunted in'],
    [['--variant', 'whole', '--schedule', ''], '--schedule needs the name of a file'],
    [['--variant', 'whole', '--schedule', 'nowhere/x.schedule'], 'cannot write nowhere/x.schedule'],
    [['--variant', 'whole', '--schedule', '.'], 'cannot write .: it is a directory'],
    [['--variant', 'whole', '--schedule', 'small.yaml'], 'will not overwrite small.yaml'],
  ] as const)('%j', async ([args, message], { expect }) => {
    const { code, stdout, stderr } = await hunt('small.yaml', ...args);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([2, '']);
    expect(workshop.read('small.yaml')).toBe(SMALL);
  });

  it('a scenario that is none', async ({ expect }) => {
    workshop.write('none.yaml', 'cpus: 3\n');
    const { code, stderr } = await hunt('none.yaml');
    expect([code, stderr.startsWith('none.yaml:')]).toEqual([2, true]);
  });
});

describe('xmc help hunt', () => {
  it('names every strategy', async () => {
    const { code, stdout } = await workshop.xmc(['help', 'hunt']);
    expect(code).toBe(0);
    for (const name of ['uniform', 'pct', 'pos', 'surw', 'starve', 'portfolio'])
      expect(stdout).toContain(`\n  ${name} `);
  });
});
