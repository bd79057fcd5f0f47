import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Hunt } from '../../src/explore/hunt/hunt.js';
import { placeOfViolation, samePlace } from '../../src/explore/hunt/place-of-violation.js';
import { switchesOf } from '../../src/explore/shrink/normal-form.js';
import { Reproducer } from '../../src/explore/shrink/reproducer.js';
import { Shrinker } from '../../src/explore/shrink/shrinker.js';
import { STRATEGY_NAMES, type StrategyName } from '../../src/explore/strategy/strategies.js';
import type { Step } from '../../src/machine/step.js';
import type { Violation } from '../../src/property/violation.js';
import { built } from '../explore/call-swap.js';

const file = (name: string): string => readFileSync(new URL(`../../scenarios/${name}`, import.meta.url), 'utf8');

/** Violations of several kinds: torn, stale, a stub that is used again. */
const SUBJECTS = {
  memcpy: ['memcpy', file('call-swap.yaml')],
  stub: ['plain', file('stub.yaml')],
  stale: ['call-h5', file('matrix/text-poke-bp-no-sync2.yaml')],
  'no sync': ['call-h6', file('matrix/text-poke-bp-no-sync2.yaml')],
} as const;

/** The first violation that a strategy finds, and what shrinking makes of it. */
function shrunk(subject: keyof typeof SUBJECTS, strategy: StrategyName, seed: number) {
  const [variant, text] = SUBJECTS[subject];
  const make = () => built(variant, 'wasm', text);
  const { machine, monitors, sites, symbols } = make();
  const places = { sites, symbols };
  const hunt = new Hunt(machine, monitors, places, { strategy, seed, steps: 3000 });
  while (hunt.catches.length === 0 && hunt.executions < 60) hunt.advance();
  const found = hunt.catches[0];
  if (found === undefined) return undefined;
  const isSame = (violation: Violation): boolean => samePlace(placeOfViolation(violation, places), found);
  const shrinker = new Shrinker(new Reproducer(machine, monitors, hunt.start, isSame), found.first.schedule);
  while (!shrinker.advance(100));
  /** Executes steps on another machine, exactly or as far as it goes. */
  const violates = (steps: readonly Step[], exactly: boolean): boolean => {
    const fresh = make();
    if (!exactly)
      return new Reproducer(fresh.machine, fresh.monitors, fresh.machine.save(), isSame).try(steps) !== undefined;
    for (const [index, step] of steps.entries()) {
      expect(fresh.machine.isEnabled(step), `step ${index + 1}`).toBe(true);
      expect(fresh.monitors.violation).toBeUndefined();
      fresh.machine.apply(step);
    }
    return fresh.monitors.violation !== undefined && isSame(fresh.monitors.violation);
  };
  return { original: found.first.schedule, shrinker, violates };
}

describe('a schedule that was shrunk', () => {
  const subjects = Object.keys(SUBJECTS) as (keyof typeof SUBJECTS)[];
  const cases = fc.record({
    subject: fc.constantFrom(...subjects),
    strategy: fc.constantFrom(...STRATEGY_NAMES),
    seed: fc.integer({ min: 0, max: 1000 }),
  });

  it('still violates the same property at the same place, step by step, is not longer, and is 1-minimal', () => {
    let found = 0;
    fc.assert(
      fc.property(cases, ({ subject, strategy, seed }) => {
        const result = shrunk(subject, strategy, seed);
        if (result === undefined) return;
        found++;
        const { original, shrinker, violates } = result;
        const { schedule, isMinimal, from } = shrinker;
        expect(from).toBe(original.length);
        expect(schedule.length).toBeLessThanOrEqual(original.length);
        expect(violates(schedule, true)).toBe(true);
        expect(isMinimal).toBe(true);
        for (const at of schedule.keys())
          expect(violates(schedule.toSpliced(at, 1), false), `step ${at + 1}`).toBe(false);
      }),
      { numRuns: 6 },
    );
    expect(found).toBeGreaterThan(3);
  });

  it('is the same whenever it is made', () => {
    const once = shrunk('stub', 'surw', 2)?.shrinker.schedule;
    expect(once?.length).toBeGreaterThan(0);
    expect(shrunk('stub', 'surw', 2)?.shrinker.schedule).toEqual(once);
  });

  it('has lost most of its changes of CPU', () => {
    const result = shrunk('stub', 'uniform', 1);
    expect(switchesOf(result?.original ?? []) > 3 * switchesOf(result?.shrinker.schedule ?? [])).toBe(true);
  });

  it('is not called minimal before everything was tried', () => {
    const { machine, monitors, sites, symbols } = built('memcpy');
    const places = { sites, symbols };
    const hunt = new Hunt(machine, monitors, places, { strategy: 'uniform', seed: 1, steps: 3000 });
    while (hunt.catches.length === 0) hunt.advance();
    const schedule = hunt.catches[0]?.first.schedule ?? [];
    const shrinker = new Shrinker(new Reproducer(machine, monitors, hunt.start, () => true), schedule);
    expect(shrinker.advance(1)).toBe(false);
    expect(shrinker.isMinimal).toBe(false);
    expect(shrinker.schedule.length).toBeGreaterThan(0);
  });

  it('is not made of one that violates nothing', () => {
    const { machine, monitors } = built('text-poke-bp');
    const reproducer = new Reproducer(machine, monitors, machine.save(), () => true);
    expect(() => new Shrinker(reproducer, [{ kind: 'instruction', cpu: 1 }])).toThrow('does not lead to its violation');
  });
});
