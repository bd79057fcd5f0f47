import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Scheduler } from '../../src/explore/scheduler.js';
import { SCHEDULERS } from '../../src/explore/schedulers.js';
import { type BuiltScenario, buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';

const FILE = 'scenarios/stub.yaml';
const loaded = loadScenario(readFileSync(new URL(`../../${FILE}`, import.meta.url), 'utf8'), FILE);
const RUNS = 100_000;
/** An execution is over so many steps after the patcher has returned: somebody may still be in the stub. */
const AFTERWARDS = 20;
/** Steps after which a patcher that is starved is given up. */
const LIMIT = 3000;

/** Six random schedules, three with priorities, one in which somebody starves; that one costs four times the others. */
function schedulerOf(seed: number): Scheduler {
  const name = (['random', 'pct', 'random', 'starve', 'random', 'pct', 'random', 'random', 'pct', 'random'] as const)[
    seed % 10
  ];
  return SCHEDULERS[name ?? 'random'](seed);
}

/** Executes from the machine's state on. Nothing is recorded: a seed is enough to do it again. */
function execute({ machine, monitors }: BuiltScenario, scheduler: Scheduler): string {
  let left = LIMIT;
  let returned = false;
  while (left-- > 0) {
    const step = scheduler.next(machine);
    if (step === undefined) return 'finished';
    machine.apply(step);
    if (monitors.violation !== undefined) return monitors.violation.property;
    if (returned || !machine.isFinished(0)) continue;
    returned = true;
    left = AFTERWARDS;
  }
  return returned ? 'returned' : 'starved';
}

/** How so many executions end, and how many of each end there are. */
function endsOf(variant: string, runs: number): Record<string, number> {
  const built = buildScenario(loaded, { variant });
  const start = built.machine.save();
  const ends: Record<string, number> = {};
  for (let seed = 0; seed < runs; seed++) {
    built.machine.restore(start);
    const end = execute(built, schedulerOf(seed));
    ends[end] = (ends[end] ?? 0) + 1;
  }
  expect(built.monitors.goals.filter(({ reached }) => !reached)).toEqual([]);
  return ends;
}

describe(`${RUNS} random schedules of two patches with coherent fetch`, () => {
  for (const variant of ['text-poke-bp', 'sti']) {
    it(`violate nothing: ${variant}`, () => {
      const { returned = 0, starved = 0, ...others } = endsOf(variant, RUNS);
      expect(others).toEqual({});
      expect(returned + starved).toBe(RUNS);
      expect(returned).toBeGreaterThan(0.98 * RUNS);
    });
  }

  it('would show it: every hundredth of them violates the plain stub', () => {
    const { 'no-use-after-reuse': found = 0 } = endsOf('plain', 1000);
    expect(found).toBeGreaterThan(10);
  });
});
