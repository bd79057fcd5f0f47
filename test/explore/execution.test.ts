import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Execution } from '../../src/explore/execution.js';
import { RandomScheduler } from '../../src/explore/random-scheduler.js';
import { run } from '../../src/explore/run.js';
import { StepLog } from '../../src/explore/step-log.js';
import { verdictOf, verdictText } from '../../src/explore/verdict.js';
import { built } from './call-swap.js';

describe('an execution in slices', () => {
  it.each([
    ['text-poke-bp', 2000],
    ['memcpy', 2000],
    ['memcpy', 0],
  ])('of %s with at most %i steps is the same as in one piece', (variant, limit) => {
    const whole = built(variant);
    const expected = run(whole.machine, whole.monitors, new RandomScheduler(3), limit);
    const sliced = built(variant);
    const execution = new Execution(sliced.machine, sliced.monitors, new RandomScheduler(3), limit);
    while (execution.advance(13) === undefined);
    expect(execution.end).toEqual(expected.end);
    expect([...(execution.schedule ?? [])]).toEqual(expected.schedule);
    expect(sliced.machine.hash()).toBe(expected.hash);
  });
});

describe('a log of steps', () => {
  it('gives back every step', () => {
    const cpu = fc.nat(7);
    const step = fc.oneof(
      fc.record({ kind: fc.constant('instruction' as const), cpu }),
      fc.record({ kind: fc.constant('procedure' as const), cpu, choice: fc.nat(99) }),
      fc.record({ kind: fc.constant('accept' as const), cpu, vector: fc.nat(255) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 3000 }), (steps) => {
        const log = new StepLog();
        for (const one of steps) log.push(one);
        expect(log.length).toBe(steps.length);
        expect([...log]).toEqual(steps);
      }),
      { numRuns: 20 },
    );
  });
});

describe('the verdict of an execution', () => {
  it('never says that something was proved', () => {
    const text = (end: Parameters<typeof verdictOf>[0]) => verdictText(verdictOf(end));
    expect(text({ kind: 'limit' })).toBe('NO BUG FOUND');
    expect(text({ kind: 'finished', waiting: [] })).toBe('NO BUG FOUND');
    const waiting = [{ cpu: 0, procedure: 'text_poke_sync', label: 'wait for all acks' }];
    expect(text({ kind: 'finished', waiting })).toBe('INCONCLUSIVE deadlock');
    const stop = { cpu: 1, rip: 0n, kind: 'unsupported', reason: 'unsupported instruction c5' } as const;
    expect(text({ kind: 'unsupported', stop })).toBe('INCONCLUSIVE unsupported instruction');
  });
});
