import { describe, expect, it } from 'vitest';
import { siteScenario } from '../site-scenario.js';
import { CALL_SWAP, CRC, callSwapWith, Workshop } from './xmc.js';

const workshop = new Workshop();
const run = (...args: string[]) => workshop.xmc(['run', ...args]);

/** A worker that never takes the IPI: it halts with interrupts off. */
const DEADLOCK = siteScenario({
  name: 'dead',
  base: '0xffffffff8100c000',
  code: 'worker: cli\nsite: call.rel32 old\nhlt\nold: ret\nnew: ret',
  called: 'nop',
});
workshop.write('dead.yaml', DEADLOCK);

describe.concurrent('xmc run', () => {
  it('runs all variants and exits with 0 when each ended as expected', async () => {
    const { code, stdout, stderr } = await run(CALL_SWAP);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^text-poke-bp {2}NO BUG FOUND {2}1 execution \(random seed 1\), 20,000 steps, limit reached; as expected$/m,
    );
    expect(stdout).toMatch(
      /^memcpy {8}VIOLATED no-torn-instruction {2}execution 1 \(random seed 1\), step 16; as expected$/m,
    );
    expect(stdout).toMatch(/^2 of 2 variants as expected$/m);
  });

  it('tells a violation: the torn bytes beside the whole versions, what led there, and how to replay it', async ({
    expect,
  }) => {
    const { stdout } = await run(CALL_SWAP, '--variant', 'memcpy');
    expect(stdout.replace(/node \S+cli\.js/, 'xmc')).toMatchInlineSnapshot(`
      "call-swap: text_poke_bp swaps the target of a call that other CPUs execute all the time

      memcpy  VIOLATED no-torn-instruction  execution 1 (random seed 1), step 16; as expected

        CPU 2 executed "e8 3f 51 ff 00" at site: nobody wrote that instruction

        executed   e8 3f 51 ff 00   call 0xffffffff82001200 <old+0x1200>
                       A  B
        version A  e8 3f 3f ff 00   call 0xffffffff82000000 <old>
        version B  e8 79 51 ff 00   call 0xffffffff8200123a <new>

        what led there
         step  cpu  where                     bytes                 instruction, or procedure step
            1  .1.  site                      e8 3f 3f ff 00        call old
            3  .1.  worker@1 leaves the CPU, idle is resumed
            4  ..2  site                      e8 3f 3f ff 00        call old
                    patcher:
            5  0..    mutex_lock(&text_mutex); patch begins
                      => patch of site to "call.rel32 new" begins
            6  .1.  idle leaves the CPU, worker@1 is resumed; IRET to old+0x5; serialises
                    memcpy:
           11  0..    memcpy: store one byte
                      => text site+0x2: 3f -> 51
           16  ..2  site                      e8 3f 51 ff 00        call old+0x1200
                      => violates no-torn-instruction

        schedule  call-swap.memcpy.schedule (16 steps)
        replay    xmc replay call-swap.memcpy.schedule

      "
    `);
    expect(workshop.read('call-swap.memcpy.schedule')).toMatch(/^xmc-schedule 1\nscenario call-swap\nvariant memcpy\n/);
  });

  it('gives the same bytes for the same flags', async () => {
    const flags = ['--variant', 'memcpy', '--seed', '5', '--trace', '--schedule'];
    const [first, second] = await Promise.all([
      run(CALL_SWAP, ...flags, 'a.schedule'),
      run(CALL_SWAP, ...flags, 'b.schedule'),
    ]);
    expect(second.stdout.replaceAll('b.schedule', 'a.schedule')).toBe(first.stdout);
    expect(workshop.read('b.schedule')).toBe(workshop.read('a.schedule'));
  });

  it('compares every verdict with what is expected, and exits with 1 when one differs', async () => {
    workshop.write(
      'wrong.yaml',
      callSwapWith(
        ['text-poke-bp: {expect: verified}', 'none-found: {expect: violated}'],
        [
          'memcpy:       {algorithm: memcpy, expect: {violated: no-torn-instruction}}',
          `found:        {algorithm: memcpy, expect: verified}
  another:      {algorithm: memcpy, expect: {violated: int3-handled}}
  any:          {algorithm: memcpy, expect: violated}`,
        ],
      ),
    );
    const { code, stdout } = await run('wrong.yaml', '--steps', '100');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^none-found {2}NO BUG FOUND .*; EXPECTED violated$/m);
    expect(stdout).toMatch(/^found {7}VIOLATED no-torn-instruction .*; EXPECTED verified$/m);
    expect(stdout).toMatch(/^another {5}VIOLATED no-torn-instruction .*; EXPECTED violated int3-handled$/m);
    expect(stdout).toMatch(/^any {9}VIOLATED no-torn-instruction .*; as expected$/m);
    expect(stdout).toMatch(/^1 of 4 variants as expected$/m);
  });

  it('exits with 1 for a violation where nothing is expected', async () => {
    workshop.write('plain.yaml', callSwapWith([', expect: {violated: no-torn-instruction}', '']));
    const { code, stdout } = await run('plain.yaml', '--variant', 'memcpy');
    expect(code).toBe(1);
    expect(stdout).not.toMatch(/expected/i);
  });

  it('says who waits for what in a deadlock, and exits with 3', async ({ expect }) => {
    const { code, stdout } = await run('dead.yaml');
    expect(code).toBe(3);
    expect(stdout).toMatchInlineSnapshot(`
      "dead

      INCONCLUSIVE deadlock  1 execution (random seed 1), 15 steps
        goal not reached: int3-executed
        goal not reached: half-written-fetched

        CPU 0 waits in smp_text_poke_sync_each_cpu (text_poke_sync): wait for all acks
        CPU 1 is halted with IF=0, next instruction at old (0xffffffff8100c007)

      "
    `);
  });

  it('says so when a CPU stopped for good that nothing forbids, exits with 3, and replays', async () => {
    const dead = DEADLOCK.replace('cli', 'ud2');
    workshop.write('stopped.yaml', `${dead}properties: {disable: [no-unhandled-exception]}\n`);
    const { code, stdout } = await run('stopped.yaml', '--schedule', 'stopped.schedule');
    expect(code).toBe(3);
    expect(stdout).toContain('INCONCLUSIVE a CPU stopped');
    expect(stdout).toContain('CPU 1: unhandled #UD');
    expect(stdout).toContain('CPU 0 waits in smp_text_poke_sync_each_cpu (text_poke_sync): wait for all acks');
    const replay = await workshop.xmc(['replay', 'stopped.schedule']);
    expect([replay.code, replay.stdout]).toEqual([0, expect.stringMatching(/^REPRODUCED {2}stopped unhandled #UD/)]);
  });

  it('names an unsupported instruction, and exits with 3', async () => {
    workshop.write('unsupported.yaml', DEADLOCK.replace('cli', 'vaddps %ymm0,%ymm1,%ymm2'));
    const { code, stdout } = await run('unsupported.yaml');
    expect(code).toBe(3);
    expect(stdout).toContain('INCONCLUSIVE unsupported instruction');
    expect(stdout).toContain(
      'CPU 1 at worker (0xffffffff8100c000): unsupported instruction c5 f4 58 d0: vaddps %ymm0,%ymm1,%ymm2',
    );
  });

  it('tries seeds until one violates', async () => {
    const { stdout } = await run(CRC, '--variant', 'memcpy', '--runs', '1000', '--steps', '100', '--json');
    const [variant] = JSON.parse(stdout).variants;
    expect(variant).toMatchObject({ verdict: 'VIOLATED', scheduler: `random seed ${variant.executions}` });
    expect(variant.executions).toBeGreaterThan(1);
    expect(variant.steps).toBe(100 * (variant.executions - 1) + variant.violation.step);
  });

  it('schedules round robin, and reads a scenario from standard input', async () => {
    const args = ['run', '-', '--variant', 'text-poke-bp', '--scheduler', 'round-robin', '--steps', '2000'];
    const { code, stdout } = await workshop.xmc(args, { input: callSwapWith() });
    expect(code).toBe(0);
    expect(stdout).toContain('1 execution (round-robin), 2,000 steps, limit reached');
  });
});

describe.concurrent('xmc run --json', () => {
  it('prints one object', async () => {
    const { stdout, stderr } = await run(CALL_SWAP, '--json', '--steps', '1000');
    expect(stderr).toBe('');
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ schema: 'xmc.run/1', scenario: 'call-swap', exitCode: 0 });
    expect(result.variants).toMatchObject([
      { variant: 'text-poke-bp', verdict: 'NO BUG FOUND', asExpected: true, steps: 1000, violation: null },
      {
        variant: 'memcpy',
        verdict: 'VIOLATED',
        property: 'no-torn-instruction',
        schedule: 'call-swap.memcpy.schedule',
        violation: { cpu: 2, step: 16, address: '0xffffffff8100c0bc', symbol: 'site', bytes: 'e8 3f 51 ff 00' },
      },
    ]);
  });

  it('as lines tells every event of every execution', async () => {
    const { stdout } = await run(CALL_SWAP, '--variant', 'memcpy', '--jsonl');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toEqual({
      schema: 'xmc.event/1',
      event: 'begin',
      scenario: 'call-swap',
      variant: 'memcpy',
      scheduler: 'random seed 1',
      cpus: 3,
    });
    expect(lines[1]).toMatchObject({
      event: 'instruction',
      step: 1,
      cpu: 1,
      address: '0xffffffff8100c0bc',
      bytes: 'e8 3f 3f ff 00',
    });
    expect(lines.find(({ event }) => event === 'text-store')).toMatchObject({
      cpu: 0,
      symbol: 'site+0x2',
      before: '3f',
      after: '51',
    });
    expect(lines.at(-2)).toMatchObject({ event: 'end', end: 'violated', steps: 16 });
    expect(lines.at(-1)).toMatchObject({ event: 'verdict', verdict: 'VIOLATED' });
  });
});

describe.concurrent('xmc run --trace', () => {
  it('prints every step on at most 100 columns', async () => {
    // --trace never takes the scenario for the name of a file.
    const { stdout } = await run('--trace', CRC, '--variant', 'text-poke-bp', '--steps', '3000');
    const rows = stdout.split('\n').filter((line) => /^ +[0-9]+ {2}[.0-9]{5} {2}/.test(line));
    expect(rows).toHaveLength(3000);
    expect(rows.filter((row) => row.length > 100)).toEqual([]);
    expect(stdout).toContain('=> #BP, saved RIP crc_call_site+0x1');
  });

  it('writes a file, whole, and nothing but the result to standard output', async () => {
    const { stdout } = await run(CALL_SWAP, '--variant', 'text-poke-bp', '--steps', '100', '--trace=run.trace');
    expect(stdout).not.toContain('memcpy: store');
    expect(workshop.read('run.trace')).toMatch(/\nlimit after 100 steps, state [0-9a-f]{16}\n/);
    expect(workshop.files()).toContain('run.trace');
  });
});

describe.concurrent('the schedule file', () => {
  it('never replaces a file that is no schedule, and the violation is told all the same', async () => {
    const other = new Workshop();
    other.write('call-swap.memcpy.schedule', 'my notes\n');
    const { code, stdout, stderr } = await other.xmc(['run', CALL_SWAP, '--variant', 'memcpy']);
    expect(code).toBe(2);
    expect(stdout).toContain('VIOLATED no-torn-instruction');
    expect(stderr).toContain('xmc: error: will not overwrite call-swap.memcpy.schedule: it is no xmc schedule\n');
    expect(other.files()).toEqual(['call-swap.memcpy.schedule']);
    expect(other.read('call-swap.memcpy.schedule')).toBe('my notes\n');
  });

  it('holds any execution when it is asked for by name', async () => {
    const { code, stdout } = await run('dead.yaml', '--schedule', 'dead.schedule');
    expect(code).toBe(3);
    expect(stdout).toContain('dead.schedule (15 steps)');
    const replay = await workshop.xmc(['replay', 'dead.schedule']);
    expect(replay.code).toBe(0);
    expect(replay.stdout).toMatch(/^REPRODUCED {2}deadlock /);
  });
});
