import { describe, expect, it } from 'vitest';
import { endText, Replay } from '../../src/explore/replay.js';
import { RoundRobin } from '../../src/explore/round-robin.js';
import type { Schedule } from '../../src/explore/schedule-file.js';
import { built, CALL_SWAP, recorded } from './call-swap.js';

const VIOLATED = recorded('memcpy', 1000);
const LONG = recorded('text-poke-bp', 3000, new RoundRobin());

function replay(schedule: Schedule, backend: 'wasm' | 'bigint' = 'wasm', text = CALL_SWAP) {
  const { machine, monitors } = built(schedule.variant ?? '', backend, text);
  const replaying = new Replay(machine, monitors, schedule);
  while (replaying.advance(7) === undefined);
  return { outcome: replaying.outcome, hash: machine.hash() };
}

/** A schedule with one of its steps changed. */
function changed(schedule: Schedule, step: number, change: object): Schedule {
  return { ...schedule, steps: schedule.steps.map((old, i) => (i === step - 1 ? { ...old, ...change } : old)) };
}

describe('a replay', () => {
  it.each(['wasm', 'bigint'] as const)('ends in the recorded state on the %s backend', (backend) => {
    for (const schedule of [VIOLATED, LONG]) {
      const { outcome, hash } = replay(schedule, backend);
      expect(outcome?.kind).toBe('reproduced');
      expect(hash).toBe(schedule.end.hash);
    }
  });

  it('diverges at a step that is not enabled', () => {
    const wrong = changed(VIOLATED, 3, { step: { kind: 'accept', cpu: 1, vector: 0xfc }, label: undefined });
    expect(replay(wrong).outcome).toMatchObject({
      kind: 'diverged',
      step: 3,
      what: 'not-enabled',
      expected: 'cpu1 accept 0xfc is enabled',
      found: expect.stringContaining('enabled: cpu0 proc "'),
    });
  });

  it('diverges at a step with another label', () => {
    const at = LONG.steps.findIndex(({ label }) => label !== undefined) + 1;
    expect(replay(changed(LONG, at, { label: 'something else' })).outcome).toMatchObject({
      step: at,
      what: 'label',
      expected: '"something else"',
      found: `"${LONG.steps[at - 1]?.label}"`,
    });
  });

  it('diverges at the first step that leads to another state', () => {
    const other = CALL_SWAP.replace('mov $1, %eax', 'mov $3, %eax');
    const at = LONG.steps.findIndex(({ step }, i) => step.kind === 'instruction' && i > 2) + 1;
    const { outcome } = replay(LONG, 'wasm', other);
    expect(outcome).toMatchObject({ what: 'hash', expected: `state ${LONG.steps[at - 1]?.hash}`, step: at });
  });

  it('diverges when the end is another one', () => {
    const other = { ...VIOLATED, end: { ...VIOLATED.end, property: 'int3-handled' } };
    expect(replay(other).outcome).toMatchObject({
      step: VIOLATED.steps.length + 1,
      recorded: undefined,
      what: 'end',
      expected: 'property int3-handled',
      found: 'property no-torn-instruction',
    });
  });

  it('diverges when the execution ends before its record', () => {
    const last = VIOLATED.steps.at(-1);
    if (last === undefined) throw new Error('no steps');
    const longer = { ...VIOLATED, steps: [...VIOLATED.steps, last] };
    expect(replay(longer).outcome).toMatchObject({
      step: longer.steps.length,
      what: 'end',
      expected: 'the execution goes on',
      found: 'violated no-torn-instruction',
    });
    expect(endText(VIOLATED.end)).toBe('violated no-torn-instruction');
  });
});
