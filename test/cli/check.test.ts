import { describe, expect, it } from 'vitest';
import { SMALL } from './small-scenario.js';
import { Workshop } from './xmc.js';

const workshop = new Workshop();
const check = (...args: string[]) => workshop.xmc(['check', ...args]);

/** `a` has to stop in its middle for a short violation; once it is halted `b` gets there in a longer way. */
const TWO_WAYS = `scenario: two-ways
text:
  - base: 0xffffffff81000000
    asm: |
      a: movl $1, word(%rip)
         movl $2, word(%rip)
         nop
         nop
         hlt
      b: mov word(%rip), %ebx
         cmp $2, %ebx
         jne b
         mov $1, %ecx
         hlt
data: [{name: word, base: 0xffffffff82000000, size: 8}]
cpus: 2
tasks: {a: {cpu: 0, entry: a, if: 0}, b: {cpu: 1, entry: b, if: 0}}
algorithm: memcpy
budgets: {reschedule: 0}
check: {always: {one: "b.rcx != 1"}}
`;

workshop.write('small.yaml', SMALL);
const json = async (...args: string[]) => JSON.parse((await check(...args, '--json')).stdout);

describe.concurrent('xmc check', () => {
  it('verifies what holds under every schedule, and says what that rests on', async ({ expect }) => {
    const { code, stdout, stderr } = await check('small.yaml', '--variant', 'whole');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^whole {2}VERIFIED exhaustive {2}[0-9,]+ states, [0-9,]+ transitions, depth \d+; as expected$/m,
    );
    expect(stdout).toContain('profile ideal; budgets reschedule 0, nmi 0, mc 0; fast engine, all reductions');
  });

  it('gives a shortest counterexample, one column a CPU, with the order that was missing', async ({ expect }) => {
    const { code, stdout } = await check('small.yaml', '--variant', 'blind', '--schedule', 'blind.schedule');
    // As the scenario expects.
    expect(code).toBe(0);
    expect(stdout.replace(/node \S+cli\.js/, 'xmc')).toMatchInlineSnapshot(`
      "small

      blind  VIOLATED quiesced-after-return  after 7 steps, 0 preemptions; as expected
        profile amd-apm; budgets reschedule 0, nmi 0, mc 0; fast engine, all reductions; 12 states seen,
        no shorter schedule violates

        CPU 1 executed "e8 39 3f ff 00", byte 1 of a retired version, at site after the patch had
        returned
        byte 1 at site+0x1 is stale: CPU 1 has not seen the store of CPU 0 in step 2 ("store the whole
        new instruction"); CPU 1 has not serialised since
        byte 2 at site+0x2 is stale: CPU 1 has not seen the store of CPU 0 in step 2 ("store the whole
        new instruction"); CPU 1 has not serialised since

        executed   e8 39 3f ff 00   call 0xffffffff82000000 <old>
                       A  A
        version A  e8 39 3f ff 00   call 0xffffffff82000000 <old>
        version B  e8 6e 51 ff 00   call 0xffffffff82001235 <new>

       step  CPU 0                                  CPU 1                                  site
                                                                                           e8 39 3f ff 00
          1  [patcher]
             mutex_lock(&text_mutex); patch
               begins
             => patch of site to "call.rel32 new"
               begins
          2  [aligned store]                                                               e8 6e 51 ff 00
             store the whole new instruction
             => text site: e8 39 3f ff 00 -> e8
               6e 51 ff 00
          3  [patcher]
             patch returns;
               mutex_unlock(&text_mutex)
             => patch of site to "call.rel32 new"
               has returned
          4                                         site: call old
          5                                         old: ret
          6                                         after: jmp site
          7                                         site: call old

        site in memory  e8 6e 51 ff 00
          CPU 1 may fetch  e8 39 3f ff 00

        schedule  blind.schedule (7 steps)
        replay    xmc replay blind.schedule

      "
    `);
  });

  it('writes a schedule that replays', async ({ expect }) => {
    await check('small.yaml', '--variant', 'naive', '--schedule', 'naive.schedule');
    const { code, stdout } = await workshop.xmc(['replay', 'naive.schedule']);
    expect(stdout).toMatch(/^REPRODUCED {2}VIOLATED no-torn-instruction {2}\d+ steps/m);
    expect(code).toBe(0);
  });

  it('finds the same with both engines, and without remembering moves', async ({ expect }) => {
    const seen = await Promise.all(
      [
        ['--no-reduction', 'all'],
        ['--engine', 'plain'],
        ['--no-reduction', 'all', '--no-move-cache'],
      ].map(async (flags) => {
        const { variants } = await json('small.yaml', '--schedule', 'unused', '--variant', 'whole', ...flags);
        const { verdict, states, transitions, depth } = variants[0];
        return { verdict, states, transitions, depth };
      }),
    );
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
    expect(seen[0]?.verdict).toBe('VERIFIED');
  });

  it('says how many preemptions a counterexample has only where it counted them', async ({ expect }) => {
    const plain = await check('small.yaml', '--variant', 'naive', '--engine', 'plain', '--schedule', 'plain.schedule');
    expect(plain.stdout).toMatch(/^naive {2}VIOLATED no-torn-instruction {2}after 3 steps; as expected$/m);
    const fast = await check('small.yaml', '--variant', 'naive', '--schedule', 'fast.schedule');
    expect(fast.stdout).toMatch(/^naive {2}VIOLATED no-torn-instruction {2}after 3 steps, 1 preemption; as expected$/m);
  });

  it('tells the fewest preemptions of up to twice the length of the shortest, or the shortest', async ({ expect }) => {
    workshop.write('two-ways.yaml', TWO_WAYS);
    const flags = ['two-ways.yaml', '--schedule', 'two-ways.schedule'];
    const { stdout, code } = await check(...flags);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^VIOLATED always one {2}after 9 steps, 0 preemptions$/m);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'the fewest preemptions of all schedules of up to 12 steps, the shortest of which has 6',
    );
    expect((await workshop.xmc(['replay', 'two-ways.schedule'])).stdout).toMatch(/^REPRODUCED.* 9 steps/m);
    const { variants } = await json(...flags);
    expect(variants[0].counterexample).toMatchObject({
      ...{ steps: 9, preemptions: 0 },
      fewestPreemptions: { shortest: 6, bound: 12, atLeast: 0, cutShort: null },
    });
    const shortest = await json(...flags, '--counterexample', 'shortest');
    expect(shortest.variants[0].counterexample).toMatchObject({ steps: 6, preemptions: 1, fewestPreemptions: null });
  });

  it('tells the shortest where a limit ends the search for fewer preemptions, and says so', async ({ expect }) => {
    const flags = ['small.yaml', '--variant', 'naive', '--schedule', 'few.schedule', '--max-states'];
    const { stdout, code } = await check(...flags, '20');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^naive {2}VIOLATED no-torn-instruction {2}after 3 steps, 1 preemption; as expected$/m);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'no shorter schedule violates; schedules of up to 6 steps with fewer preemptions were not all looked at (limit of 20 states)',
    );
    expect((await check(...flags, '1000')).stdout.replaceAll(/\s+/g, ' ')).toContain(
      'no shorter schedule violates, and no schedule of up to 6 steps has fewer preemptions',
    );
  });

  it('names the limit that ended a search, what was covered, and exits with 3', async ({ expect }) => {
    const { code, stdout } = await check('small.yaml', '--variant', 'whole', '--max-states', '100');
    expect(stdout).toMatch(/^whole {2}INCONCLUSIVE limit of 100 states/m);
    expect(stdout).toMatch(
      /every schedule of up to \d+ steps was looked at, without a violation; \d+ states were left/,
    );
    expect(code).toBe(3);
    const little = await check('small.yaml', '--variant', 'whole', '--max-memory', '1');
    expect(little.stdout).toMatch(/^whole {2}INCONCLUSIVE limit of 1 MB/m);
  });

  it('takes another profile, of which the scenario expects nothing', async ({ expect }) => {
    const { variants } = await json('small.yaml', '--variant', 'whole', '--profile', 'paranoid');
    expect(variants[0]).toMatchObject({ verdict: 'VERIFIED', profile: 'paranoid', expected: null, asExpected: null });
  });

  it('says that a verdict is vacuous where a goal was never reached', async ({ expect }) => {
    workshop.write('vacuous.yaml', SMALL.replace('budgets:', 'check: {sometimes: {never: worker.rip == 1}}\nbudgets:'));
    const { code, stdout } = await check('vacuous.yaml', '--variant', 'whole');
    expect(stdout).toMatch(/^whole {2}INCONCLUSIVE vacuous/m);
    expect(stdout).toContain('goal not reached: sometimes never');
    expect(code).toBe(3);
  });

  it('compares with a search without reductions, and says which are switched off', async ({ expect }) => {
    const flags = ['--variant', 'whole', '--no-reduction', 'fusion', '--no-reduction', 'await', '--cross-check'];
    const { code, stdout } = await check('small.yaml', ...flags);
    expect(stdout).toContain('fast engine, all reductions but fusion, await');
    expect(stdout).toMatch(/cross-check: [\d,]+ states without reductions say the same/);
    expect(code).toBe(0);
  });

  it('refuses names that it does not know, before it searches', async ({ expect }) => {
    for (const [flags, message] of [
      [['--profile', 'paranoit'], /unknown profile "paranoit"\nhint: .*paranoid/],
      [['--engine', 'slow'], /'--engine <name>' argument 'slow' is invalid/],
      [['--max-states', '0'], /whole number from 1/],
      [['--variant', 'whale'], /has no variant 'whale'[\s\S]*hint: .*whole/],
      [['--engine', 'plain', '--no-move-cache'], /the plain engine remembers nothing/],
      [['--no-reduction', 'fusoin'], /unknown reduction "fusoin"\nhint: .*fusion/],
      [['--no-reduction', 'fusion', '--engine', 'plain'], /the plain engine has no reductions/],
      [['--engine', 'plain', '--counterexample', 'shortest'], /the plain engine tells the first of the shortest/],
      [['--counterexample', 'longest'], /'--counterexample <which>' argument 'longest' is invalid/],
      [['--cross-check', '--no-reduction', 'all'], /there are none to begin with/],
      [['--schedule', 'x'], /--schedule names one file, but several variants would be checked/],
    ] as const) {
      const { code, stderr, stdout } = await check('small.yaml', ...flags);
      expect(stderr).toMatch(message);
      expect(stdout).toBe('');
      expect(code).toBe(2);
    }
  });
});

describe.concurrent('xmc check --estimate', () => {
  it('tells the numbers of the search itself where that is small, and the time apart', async ({ expect }) => {
    const { states, transitions, depth } = (await json('small.yaml', '--variant', 'whole')).variants[0];
    const { code, stdout, stderr } = await check('small.yaml', '--variant', 'whole', '--estimate');
    const size = [`${states} states`, `${transitions} transitions`, `depth ${depth}`].join(', ');
    const [, , line = '', rest] = stdout.split('\n');
    expect(line.replaceAll(/(?<=\d),(?=\d)/g, '').slice(0, `whole  EXACT  ${size}`.length)).toBe(
      `whole  EXACT  ${size}`,
    );
    expect(rest).toBe('  the whole search, without that for progress; fits --max-states 20000000 --max-memory 4096');
    expect(stderr).toMatch(/^xmc: note: whole: [0-9.e-]+ s of CPU on this machine\n$/);
    expect(code).toBe(0);
  });

  it('tells a range from a part of the search, and what a sample ends with', async ({ expect }) => {
    const flags = ['small.yaml', '--estimate', '--json', '--max-states', '10'];
    const { schema, exitCode, variants } = await json(...flags);
    expect([schema, exitCode]).toEqual(['xmc.estimate/1', 0]);
    const [whole, naive] = variants;
    const { states } = (await json('small.yaml', '--variant', 'whole')).variants[0];
    expect([whole.exact, whole.seen.states < states, whole.states.low <= states]).toEqual([false, true, true]);
    expect(naive.sampleEnd ?? naive.end).not.toBeNull();
  });

  it('refuses what an estimate has no use for', async ({ expect }) => {
    for (const flags of [['--engine', 'plain'], ['--cross-check'], ['--timeout', '3'], ['--schedule', 'x.schedule']]) {
      const { code, stdout, stderr } = await check('small.yaml', '--variant', 'whole', '--estimate', ...flags);
      expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(/^xmc: error: --estimate /)]);
    }
  });
});

describe('xmc check, of what can never finish', () => {
  const stuck = (text: string, more = '') =>
    SMALL.replace('worker:\n', `worker: cli\n`)
      .replace('jmp.rel8 worker', text)
      .replace(/variants:[\s\S]*/, more);

  it('names the group: the patcher waits for an acknowledgement, a CPU goes round with interrupts off', async () => {
    // The CPU executes the site with IF=0, and its handler goes back there until the INT3 is gone.
    workshop.write('retries.yaml', stuck('jmp.rel8 site', 'algorithm: int3-retries\n'));
    const { code, stdout } = await check('retries.yaml');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^VIOLATED progress/m);
    expect(stdout).toMatch(
      /CPU 0 waits with IF=\d in smp_text_poke_sync_each_cpu \(text_poke_sync\): "wait for all acks"/,
    );
    expect(stdout).toMatch(/CPU 1 goes round with IF=0 at .*site/);
  });

  it('finds a CPU that waits with interrupts off for what the patcher does after its acknowledgement', async () => {
    const spin = 'spin: cmpb $0xcc, site\n              je spin\n              sti\n              jmp worker';
    workshop.write('spins.yaml', stuck(spin));
    const { stdout } = await check('spins.yaml');
    expect(stdout).toMatch(/^VIOLATED progress/m);
    expect(stdout).toMatch(/CPU 1 goes round with IF=0 at after/);
  });

  it('is content when the CPU turns interrupts on again', async () => {
    workshop.write('sti.yaml', stuck('sti\n              jmp worker'));
    expect((await check('sti.yaml')).stdout).toMatch(/^VERIFIED exhaustive/m);
  });
});

describe.concurrent('xmc check --jobs', () => {
  it.each([
    [['--jobs', '2', '--engine', 'plain'], '--jobs: the plain engine works alone'],
    [['--jobs', '2', '--no-move-cache'], '--jobs: threads find moves to be remembered'],
  ])('refuses %j', async (flags, message) => {
    const { code, stdout, stderr } = await check('small.yaml', ...flags);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });
});
