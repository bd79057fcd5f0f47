import { describe, expect, it } from 'vitest';
import { events, type RunEvent } from '../../src/api/events.js';
import { replay } from '../../src/api/replay.js';
import { run } from '../../src/api/run.js';
import { scheduleText } from '../../src/api/schedule-text.js';
import { buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';
import { SMALL } from '../cli/small-scenario.js';
import { CRC } from './crc-scenario.js';

const small = loadScenario(SMALL, 'small.yaml');

const comparable = (event: object): string =>
  JSON.stringify(event, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));

async function all(of: AsyncIterable<RunEvent>): Promise<RunEvent[]> {
  const heard: RunEvent[] = [];
  for await (const event of of) heard.push(event);
  return heard;
}

describe('run', () => {
  it('executes a variant up to a violation, and gives its schedule', async () => {
    const result = await run(small, { variant: 'naive', runs: 1000, steps: 100 });
    if (result.verdict !== 'violated') throw new Error(result.text);
    expect(result).toMatchObject({ property: 'no-torn-instruction', asExpected: true, end: 'violated' });
    expect(result.scheduler).toBe(`random seed ${result.executions}`);
    expect(result.violation.story()).toContain('what led there');
    expect(await replay(result.schedule ?? '')).toMatchObject({ outcome: 'reproduced', hash: result.hash });
  });

  it('says the same of the same options, and keeps a schedule if that is asked for', async () => {
    const options = { variant: 'whole', scheduler: 'pct', seed: 9, steps: 2000, keepSchedule: true } as const;
    const results = [await run(small, options), await run(small, options)];
    expect(results[0]).toEqual(results[1]);
    expect(results[0]).toMatchObject({ verdict: 'no-bug-found', scheduler: 'pct seed 9' });
    expect(results[0]?.schedule?.steps.length).toBe(results[0]?.steps);
    expect((await run(small, { ...options, keepSchedule: false })).schedule).toBe(undefined);
  });

  it('ends at an aborted signal', async () => {
    const signal = AbortSignal.abort();
    expect(await run(small, { variant: 'whole', signal, steps: 1e9 })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'interrupted',
    });
  });

  it('refuses what it does not know', async () => {
    await expect(run(small, { scheduler: 'fair' as never })).rejects.toThrow('unknown scheduler "fair"');
    await expect(run(small, { seed: -1 })).rejects.toThrow('seed: expected an integer from 0 to 4294967295, not -1');
    await expect(run(CRC.loaded)).rejects.toThrow('crc-t10dif.elf');
  });
});

describe('events', () => {
  it('are those that an observer of the machine hears, with the result behind them', async () => {
    const options = { variant: 'whole', seed: 4, steps: 300 };
    const result = await run(small, { ...options, keepSchedule: true });
    const heard = await all(events(small, options));
    expect(heard.pop()).toMatchObject({ kind: 'verdict', step: 300, result: { text: result.text, hash: result.hash } });
    const { machine } = buildScenario(small, options);
    const observed: string[] = [];
    machine.observe({ instructions: 'all', observe: (event) => observed.push(comparable(event)) });
    for (const { step } of result.schedule?.steps ?? []) machine.apply(step);
    expect(observed.length).toBeGreaterThan(300);
    // Of one step an instruction comes before what it caused.
    expect(heard.map(({ step, ...event }) => comparable(event)).sort()).toEqual(observed.sort());
    const steps = heard.map(({ step }) => step);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  });

  it('come while the execution waits for whoever takes them, and end it when nobody takes any more', async () => {
    let done = 0;
    let ahead = 0;
    const onProgress = ({ steps }: { readonly steps: number }): void => {
      done = steps;
    };
    for await (const { step } of events(small, { variant: 'whole', steps: 1e9, onProgress })) {
      ahead = Math.max(ahead, done - step);
      if (step > 5000) break;
    }
    expect(done).toBeGreaterThanOrEqual(4500);
    expect(done).toBeLessThan(6000);
    expect(ahead).toBeLessThanOrEqual(500);
  });

  it('end with the verdict when the signal is aborted', async () => {
    const aborter = new AbortController();
    let last: RunEvent | undefined;
    for await (const event of events(small, { variant: 'whole', steps: 1e9, signal: aborter.signal })) {
      last = event;
      if (event.step > 1000) aborter.abort();
    }
    expect(last).toMatchObject({ kind: 'verdict', result: { verdict: 'inconclusive', reason: 'interrupted' } });
  });

  it('throw what is wrong with the options', async () => {
    await expect(all(events(small, { variant: 'hole' }))).rejects.toThrow("has no variant 'hole'");
  });
});

describe('replay', () => {
  it('says where another scenario goes another way, and ends at an aborted signal', async () => {
    const result = await run(small, { variant: 'naive', runs: 1000, steps: 100 });
    if (result.schedule === undefined) throw new Error('a violation has a schedule');
    const text = await scheduleText(result.schedule);
    const against = loadScenario(SMALL.replace('algorithm: memcpy', 'algorithm: stop-machine'), 'small.yaml');
    expect(await replay(text, { against })).toMatchObject({
      outcome: 'diverged',
      scenario: 'small',
      variant: 'naive',
      recorded: { kind: 'violated', property: 'no-torn-instruction' },
      divergence: { what: expect.any(String), step: expect.any(Number) },
    });
    expect(await replay(text, { backend: 'bigint' })).toMatchObject({ outcome: 'reproduced', hash: result.hash });
    expect(await replay(text, { signal: AbortSignal.abort() })).toMatchObject({ outcome: 'interrupted' });
    await expect(replay('xmc-schedule 1\n', { file: 'x.schedule' })).rejects.toMatchObject({
      location: { file: 'x.schedule', line: 2 },
    });
  });
});
