import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Opened } from '../../src/cli/step/open-walk.js';
import { RandomScheduler } from '../../src/explore/random-scheduler.js';
import type { RecordedStep } from '../../src/explore/recorded-run.js';
import { prepare } from '../../src/judge/prepare.js';
import { formatStep, type Step } from '../../src/machine/step.js';
import { hex } from '../../src/property/monitor.js';
import { markNames } from '../../src/tui/marks.js';
import { Snapshots } from '../../src/tui/snapshots.js';
import { Timeline } from '../../src/tui/timeline.js';
import { counterexample, scenario } from './walks.js';

/** What is to be the same wherever one comes from: the state, what may happen, what is wrong. */
function situation({ machine, monitors }: Pick<Timeline, 'machine' | 'monitors'>): string {
  const enabled = machine.enabled().map(formatStep).join('; ');
  return `${machine.steps} ${machine.hash()} ${monitors.violation?.message ?? ''} ${enabled}`;
}

/** A random execution done straight through: its steps, and the situation at each position. */
function straight({ recipe }: Opened, seed: number, limit: number): { steps: Step[]; situations: string[] } {
  const { machine, monitors } = prepare(recipe).built;
  const scheduler = new RandomScheduler(seed);
  const steps: Step[] = [];
  const situations = [situation({ machine, monitors })];
  while (steps.length < limit && monitors.violation === undefined) {
    const step = scheduler.next(machine);
    if (step === undefined) break;
    machine.apply(step);
    steps.push(step);
    situations.push(situation({ machine, monitors }));
  }
  return { steps, situations };
}

function timelineOf({ recipe }: Opened, recorded: readonly RecordedStep[] = []): Timeline {
  const { machine, monitors, sites } = prepare(recipe).built;
  return new Timeline(machine, monitors, sites, recorded);
}

describe('a timeline', () => {
  it.each([
    ['call-swap', 'text-poke-bp'],
    ['stub', 'sti-nmi'],
    ['text-poke-bp-no-sync2', 'paranoid'],
    ['rcu-tasks', 'no-wait'],
  ])('is in the same state at a position of %s %s however it came there', async (name, variant) => {
    const opened = await scenario(name, variant);
    const { steps, situations } = straight(opened, 3, 200);
    const timeline = timelineOf(opened);
    for (const step of steps) timeline.forward(step);
    expect(situation(timeline)).toBe(situations.at(-1));
    const moves = fc.array(fc.oneof(fc.integer({ min: 0, max: steps.length }), fc.constantFrom('back', 'on', 'look')), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(moves, (wanted) => {
        for (const move of wanted) {
          const { position } = timeline;
          if (typeof move === 'number') expect(timeline.goTo(move)).toBe(true);
          else if (move === 'back') expect(timeline.back()).toBe(position > 0);
          else if (move === 'look') timeline.doneSteps(position - 70, position + 70);
          else if (timeline.next !== undefined) timeline.forward(timeline.next);
          expect(situation(timeline)).toBe(situations[timeline.position]);
        }
      }),
      { numRuns: 6 },
    );
    expect(timeline.length).toBe(steps.length);
  });

  it('keeps the future while it is the same, and cuts it off where another step is done', async () => {
    const { walk } = await counterexample('stub.plain');
    const { timeline } = walk;
    timeline.goTo(10);
    const { next } = timeline;
    if (next === undefined) throw new Error('there is no next step');
    timeline.forward({ ...next });
    expect([timeline.position, timeline.length, timeline.isRecorded]).toEqual([11, 57, true]);
    timeline.goTo(57);
    expect(timeline.monitors.violation?.property).toBe('no-use-after-reuse');
    timeline.goTo(3);
    timeline.forward({ kind: 'instruction', cpu: 1 });
    expect([timeline.position, timeline.length, timeline.isRecorded]).toEqual([4, 4, false]);
    expect(timeline.monitors.violation).toBeUndefined();
    timeline.followRecord();
    expect([timeline.position, timeline.length, timeline.isRecorded]).toEqual([3, 57, true]);
    expect(timeline.goTo(57)).toBe(true);
    expect(timeline.machine.hash()).toBe(timeline.recorded.at(-1)?.hash);
  });

  it('does no step behind the end of an execution', async () => {
    const { timeline } = (await counterexample('stub.plain')).walk;
    timeline.goTo(57);
    expect(timeline.end?.kind).toBe('violated');
    expect(() => timeline.forward({ kind: 'instruction', cpu: 1 })).toThrow('has ended');
  });

  it('stops where a record cannot be followed, in the state before', async () => {
    const opened = await counterexample('stub.plain');
    const { recorded } = opened.walk.timeline;
    const procedure = recorded.findLastIndex(({ label }) => label !== undefined);
    const damage: readonly [what: string, index: number, step: Partial<RecordedStep>][] = [
      ['hash', 7, { hash: '0123456789abcdef' }],
      ['not-enabled', 5, { step: { kind: 'nmi', cpu: 1 } }],
      ['label', procedure, { label: 'another' }],
    ];
    expect(procedure).toBeGreaterThan(0);
    for (const [what, index, change] of damage) {
      const timeline = timelineOf(
        opened,
        recorded.map((step, i) => (i === index ? { ...step, ...change } : step)),
      );
      expect(timeline.goTo(recorded.length)).toBe(false);
      expect([timeline.position, timeline.length]).toEqual([index, index]);
      expect(timeline.divergence).toMatchObject({ what, step: index + 1 });
      expect(timeline.machine.hash()).toBe(recorded[index - 1]?.hash);
      expect(timeline.machine.steps).toBe(index);
    }
  });

  it('knows what each step did, also of steps far behind', async () => {
    const opened = await scenario('call-swap', 'text-poke-bp');
    const timeline = timelineOf(opened);
    const scheduler = new RandomScheduler(5);
    while (timeline.position < 4200) timeline.forward(scheduler.next(timeline.machine) ?? { kind: 'nmi', cpu: 0 });
    // More than are kept: they have to be done again.
    const [first] = timeline.doneSteps(2, 2);
    const again = timelineOf(opened);
    for (const step of timeline.past().slice(0, 2)) again.forward(step);
    const [known] = again.doneSteps(2, 2);
    expect(first).toEqual(known);
    expect(timeline.position).toBe(4200);
    expect(timeline.doneSteps(4198, 4205).map(({ step }) => step)).toEqual([4198, 4199, 4200]);
  });

  it('marks steps by what happened, and has the bytes of a site over time', async () => {
    const { timeline } = (await counterexample('stub.plain')).walk;
    timeline.goTo(57);
    expect(markNames(timeline.marksOf(57))).toContain('violation');
    expect(timeline.siteChanges.map(({ step, store }) => [step, hex(store.after)])).toEqual([
      [16, 'cc'],
      [26, '45'],
      [46, 'e8'],
    ]);
    timeline.goTo(20);
    timeline.forward({ kind: 'switch', cpu: 1, task: undefined });
    expect(timeline.siteChanges.map(({ step }) => step)).toEqual([16]);
  });
});

describe('snapshots', () => {
  it('are never more than there is room for, and further apart instead', async () => {
    const opened = await scenario('call-swap', 'text-poke-bp');
    const { steps, situations } = straight(opened, 1, 300);
    const { machine, monitors } = prepare(opened.recipe).built;
    const snapshots = new Snapshots(machine, 4, 8);
    steps.forEach((step, index) => {
      machine.apply(step);
      snapshots.take(index + 1);
    });
    const positions = Array.from({ length: 301 }, (_, position) => snapshots.nearest(position));
    expect(new Set(positions).size).toBeLessThanOrEqual(8);
    for (const position of [...new Set(positions)].reverse()) {
      snapshots.restore(position);
      expect(situation({ machine, monitors })).toBe(situations[position]);
    }
    expect(Math.max(...positions.map((nearest, position) => position - nearest))).toBeLessThan(300 / 3);
  });

  it('knows every step of a long execution, also those that are no longer kept', async () => {
    const opened = await scenario('call-swap', 'text-poke-bp');
    const timeline = timelineOf(opened);
    const { steps } = straight(opened, 3, 5000);
    for (const step of steps) timeline.forward(step);
    const known = timeline.doneSteps(60, 200).map(({ step }) => step);
    expect(known).toEqual(Array.from({ length: 141 }, (_, i) => 60 + i));
    for (const number of [64, 128]) expect(timeline.doneSteps(number, number)).toHaveLength(1);
    expect(timeline.position).toBe(steps.length);
  });
});
