import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { check, checkAll } from '../../src/api/check.js';
import type { CheckResult } from '../../src/api/check-result.js';
import { replay } from '../../src/api/replay.js';
import { run } from '../../src/api/run.js';
import { readSchedule, scheduleText } from '../../src/api/schedule-text.js';
import { GZIP_PACKER } from '../../src/cli/io/file-packer.js';
import { formatSchedule } from '../../src/explore/schedule-file/format.js';
import { parseSchedule } from '../../src/explore/schedule-file/parse.js';
import { InputError } from '../../src/input-error.js';
import { loadScenario } from '../../src/scenario/load.js';
import { SMALL } from '../cli/small-scenario.js';
import { CRC } from './crc-scenario.js';

const small = loadScenario(SMALL, 'somewhere/small.yaml');

/** A result of which it is known that it is a violation. */
async function violated(options: Parameters<typeof check>[1]): Promise<Extract<CheckResult, { verdict: 'violated' }>> {
  const result = await check(small, options);
  if (result.verdict !== 'violated') throw new Error(result.text);
  return result;
}

describe('check', () => {
  it('verifies a variant, and says what that rests on', async () => {
    const result = await check(small, { variant: 'whole' });
    expect(result).toMatchObject({
      scenario: 'small',
      variant: 'whole',
      verdict: 'verified',
      probability: undefined,
      text: 'VERIFIED exhaustive',
      expected: { verdict: 'verified' },
      asExpected: true,
      frontier: 0,
      profile: 'ideal',
      goalsNotReached: [],
      details: [],
    });
    expect(result.states).toBeGreaterThan(100);
    expect(result.transitions).toBeGreaterThan(result.states);
    expect(result.properties).toContain('no-torn-instruction');
    expect(result.reductions).toContain('fusion');
  });

  it('tells a violation with a schedule that replays, and that the program reads', async () => {
    const { property, asExpected, counterexample } = await violated({ variant: 'naive' });
    expect([property, asExpected]).toEqual(['no-torn-instruction', true]);
    const { steps, preemptions, violation, schedule } = counterexample;
    expect(violation).toMatchObject({ property, step: steps, cpu: 1 });
    expect(violation?.story()).toMatch(/CPU 1 executed .*\n.*what led there\n/s);
    expect(counterexample.trace()).toContain('CPU 1');
    expect(counterexample.trace({ width: 60 })).not.toBe(counterexample.trace());
    expect(schedule).toMatchObject({
      scenario: 'small',
      variant: 'naive',
      source: { name: 'small.yaml', text: SMALL },
    });
    expect(schedule.scheduler).toMatch(new RegExp(`^check, fast engine, ${preemptions} preemptions?; shortest`));
    expect(await replay(schedule)).toMatchObject({ outcome: 'reproduced', steps, violation: { property } });
    const text = await scheduleText(schedule);
    expect(parseSchedule(text, 'x', GZIP_PACKER).steps).toEqual(schedule.steps);
  });

  it('finds the same with the plain engine, without reductions, and with some', async () => {
    const all = [
      await violated({ variant: 'naive', counterexample: 'shortest' }),
      await violated({ variant: 'naive', engine: 'plain' }),
      await violated({ variant: 'naive', reductions: 'none', counterexample: 'shortest' }),
      await violated({ variant: 'naive', reductions: ['fusion', 'await'], counterexample: 'shortest' }),
    ];
    expect(all.map(({ property, counterexample: { steps } }) => [property, steps])).toEqual(
      all.map(() => ['no-torn-instruction', all[0]?.counterexample.steps]),
    );
    expect(all.map(({ reductions }) => reductions.length > 0)).toEqual([true, false, false, true]);
  });

  it('ends at a limit, and at an aborted signal with what was found so far', async () => {
    expect(await check(small, { variant: 'whole', maxStates: 50 })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'limit of 50 states',
      text: 'INCONCLUSIVE limit of 50 states',
      asExpected: undefined,
      details: [expect.stringContaining('without a violation')],
    });
    const endless = loadScenario(SMALL.replace('cpus: 2', 'cpus: 4').replace('cpu: 1', 'cpu: [1, 2, 3]'), 'small.yaml');
    const aborter = new AbortController();
    const seen: unknown[] = [];
    const result = await check(endless, {
      variant: 'whole',
      reductions: 'none',
      signal: aborter.signal,
      onProgress: (progress) => {
        seen.push(progress.phase);
        aborter.abort();
      },
    });
    expect(seen).toEqual(['search']);
    expect(result).toMatchObject({ verdict: 'inconclusive', reason: 'interrupted' });
    expect(result.frontier).toBeGreaterThan(0);
  });

  it('tells a violation of progress by the way that was found, where there is no time to look for the nearest', async () => {
    const text = readFileSync(new URL('../../scenarios/progress.yaml', import.meta.url), 'utf8');
    const three = loadScenario(text.replace('cpus: 2', 'cpus: 3').replace('{cpu: 1,', '{cpu: [1, 2],'), 'three.yaml');
    const aborter = new AbortController();
    let most = 0;
    const cut = await check(three, {
      variant: 'retries',
      signal: aborter.signal,
      onProgress: (progress) => {
        if (progress.phase !== 'search') return;
        if (progress.states < most) aborter.abort();
        most = progress.states;
      },
    });
    const whole = await check(three, { variant: 'retries' });
    for (const result of [cut, whole]) {
      expect(result).toMatchObject({ verdict: 'violated', property: 'progress' });
      if (result.verdict !== 'violated') continue;
      const { schedule, steps } = result.counterexample;
      expect(await replay(schedule)).toMatchObject({ outcome: 'reproduced', steps });
    }
    expect([cut.reductions.length > 0, whole.reductions]).toEqual([true, []]);
  });

  it('expects nothing under another profile', async () => {
    const result = await check(small, { variant: 'whole', profile: 'amd-apm' });
    expect([result.profile, result.expected, result.asExpected]).toEqual(['amd-apm', undefined, undefined]);
  });

  it.each([
    [{ variant: 'hole' }, "scenario 'small' has no variant 'hole'", "did you mean 'whole'?"],
    [{ profile: 'amd-amp' }, 'unknown profile "amd-amp"', expect.any(String)],
    [{ maxStates: 0 }, 'maxStates: expected an integer from 1 to 1000000000, not 0', undefined],
    [{ timeout: 0.5 }, 'timeout: expected an integer from 1 to 10000000, not 0.5', undefined],
    [{ reductions: ['fusoin'] as never }, 'unknown reduction "fusoin"', expect.stringContaining('fusion')],
    [{ engine: 'slow' as never }, 'unknown engine "slow"', 'known: plain, fast'],
  ])('refuses %j', async (options, message, hint) => {
    const error = await check(small, options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ message, hint });
  });
});

describe('checkAll', () => {
  it('checks every variant in the order of the file, until the signal is aborted', async () => {
    const told: unknown[] = [];
    for await (const { variant, asExpected } of checkAll(small)) told.push([variant, asExpected]);
    expect(told).toEqual([
      ['whole', true],
      ['naive', true],
      ['blind', true],
    ]);
    const aborter = new AbortController();
    const some: unknown[] = [];
    for await (const { variant } of checkAll(small, { signal: aborter.signal })) {
      some.push(variant);
      if (variant === 'naive') aborter.abort();
    }
    expect(some).toEqual(['whole', 'naive']);
  });

  it('checks the scenario as written where there are no variants', async () => {
    const [bare = ''] = SMALL.split('variants:');
    const told: unknown[] = [];
    for await (const { variant, verdict } of checkAll(loadScenario(bare, 'bare.yaml'))) told.push([variant, verdict]);
    expect(told).toEqual([[undefined, 'verified']]);
  });
});

describe('The text of a schedule', () => {
  it('has the ELF files of the scenario in it, as the program packs and unpacks them', async () => {
    const { loaded, files } = CRC;
    const { schedule } = await run(loaded, { variant: 'memcpy', files, steps: 50, keepSchedule: true });
    if (schedule === undefined) throw new Error('a schedule was asked for');
    const text = await scheduleText(schedule);
    expect(parseSchedule(text, 'x', GZIP_PACKER)).toMatchObject({ steps: schedule.steps, files: schedule.files });
    const packed = [...formatSchedule(schedule, GZIP_PACKER)].join('');
    expect(await readSchedule(packed)).toMatchObject({ steps: schedule.steps, files: schedule.files });
    expect(await replay(packed)).toMatchObject({ outcome: 'reproduced' });
    const damaged = packed.replace(/(lines [0-9]+\n)H4s/, '$1H5s');
    await expect(readSchedule(damaged, 'x.schedule')).rejects.toThrow('the embedded file crc-t10dif.elf is damaged');
  });
});
