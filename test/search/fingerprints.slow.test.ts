import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BuiltScenario, buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';
import type { Compaction } from '../../src/search/compaction.js';
import { Fingerprints } from '../../src/search/fingerprints.js';
import { stepsTo } from '../../src/search/found-way.js';
import { firstStuck } from '../../src/search/progress.js';
import { ALL_REDUCTIONS, NO_REDUCTIONS, type Reductions } from '../../src/search/reduction/reductions.js';
import { Search } from '../../src/search/search.js';
import { StateTable } from '../../src/search/state-table.js';
import { isProven, stuckGroup } from '../../src/search/stuck-group.js';
import { stepsOfWay } from '../../src/search/way-steps.js';
import { randomScenario } from './random-scenario.js';
import { missedStates } from './thinned.js';

const KEEPS_ALL: Reductions = new Set([...ALL_REDUCTIONS].filter((name) => name !== 'subsumption'));

/** How a search is done. */
interface Kind {
  readonly reductions?: Reductions;
  readonly fingerprints?: Compaction | undefined;
  readonly states?: number;
  readonly memory?: number;
}

function searched(
  { machine, monitors }: BuiltScenario,
  { reductions = ALL_REDUCTIONS, fingerprints, states = 1e6, memory = 2 ** 31 }: Kind,
): Search {
  const limits = { states, memory };
  const search = new Search(machine, monitors, { limits, moveCache: true, reductions, fingerprints });
  search.advance(Number.POSITIVE_INFINITY);
  return search;
}

/** What a search says, whatever it compares. */
function said(search: Search): unknown {
  const { end, monitors } = search;
  const { states, transitions, depth } = search.counts;
  const isExhausted = end?.kind === 'exhausted';
  return {
    end: end?.kind,
    violated: end?.kind === 'violated' ? [end.violation.property, end.steps] : [],
    counts: [states, transitions, depth],
    goals: isExhausted ? monitors.goals : [],
    stuck: isExhausted ? firstStuck(search) : undefined,
  };
}

const committed = (path: string, variant: string) => (): BuiltScenario =>
  buildScenario(loadScenario(readFileSync(path, 'utf8'), path), { variant });

const generated = (seed: number) => (): BuiltScenario =>
  buildScenario(loadScenario(randomScenario(seed), 'random.yaml'), {});

const vectors = fc.uniqueArray(
  fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3 })), { minLength: 5, maxLength: 5 }),
  { selector: (vector) => vector.join(), maxLength: 60 },
);
const ORIGIN = { from: -1, cpu: 0, choice: 0, distance: 0 };

describe('A table of states that compares fingerprints', () => {
  it('gives states the numbers that one of vectors gives them, and keeps the vectors of those that wait', () => {
    fc.assert(
      fc.property(vectors, fc.nat(), (all, at) => {
        const table = new StateTable(3, 2);
        const switched = at % (all.length + 1);
        all.forEach((vector, number) => {
          if (number === switched) table.useFingerprints({ bits: 64, seed: 0 }, new Uint8Array(number).fill(1));
          expect(table.insert(Int32Array.from(vector), vector.length, ORIGIN)).toBe(number);
        });
        all.forEach((vector, number) => {
          expect(table.find(Int32Array.from(vector), vector.length)).toBe(number);
          expect(table.vectors.has(number)).toBe(true);
        });
        if (table.fingerprints === undefined) return;
        for (let state = 0; state < all.length; state++) table.vectors.looked(state, all.length);
        expect(all.map((_, number) => table.vectors.has(number))).toEqual(
          all.map((_, number) => number >= (all.length & ~3)),
        );
        all.forEach((vector, number) => {
          expect(table.find(Int32Array.from(vector), vector.length)).toBe(number);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('has as many pairs of equal first lanes as chance has, of numbers that differ little', () => {
    const fingerprints = new Fingerprints({ bits: 64, seed: 0 });
    const table = new Map<number, number>();
    const vector = Int32Array.from({ length: 12 }, () => 1);
    const count = 400_000;
    let pairs = 0;
    for (let n = 0; n < count; n++) {
      vector[n % 11] = n % 97;
      vector[11] = 1 + Math.floor(n / 97);
      const { first, second } = fingerprints.of(vector, 12);
      if (table.has(first) && table.get(first) !== second) pairs++;
      table.set(first, second);
    }
    const expected = (count * count) / 2 / 2 ** 32;
    expect(pairs).toBeGreaterThan(expected / 2);
    expect(pairs).toBeLessThan(expected * 2);
  });

  it('says how probable it is that one was taken for another: n(n-1)/2^(b+1), or what it sees where that is more', () => {
    const fingerprints = new Fingerprints({ bits: 64, seed: 0 });
    fingerprints.begin(1, 0);
    const { probability, halfCollisions } = fingerprints.use(1e8);
    expect(probability).toBeCloseTo(2.7e-4, 5);
    expect(halfCollisions).toEqual({ seen: 0, expected: (1e8 * (1e8 - 1)) / 2 / 2 ** 32 });
    for (let state = 1; state < 20; state++) fingerprints.add(state, 1);
    expect(fingerprints.use(20).probability).toBe(19 / 2 ** 32);
    fingerprints.begin(20, 1);
    expect(fingerprints.use(20).probability).toBe(1);
  });

  it('makes other fingerprints of another seed', () => {
    const vector = Int32Array.of(1, 2, 3);
    const [one, other] = [0, 1].map((seed) => new Fingerprints({ bits: 64, seed }).of(vector, 3));
    expect([one?.first === other?.first, one?.second === other?.second]).toEqual([false, false]);
  });
});

describe('A search with fingerprints of 64 bits', () => {
  it.each([
    ['no reductions', NO_REDUCTIONS],
    ['all reductions but subsumption', KEEPS_ALL],
  ])('says what an exact one says, with %s, wherever it leaves off comparing states', (_, reductions) => {
    fc.assert(
      fc.property(fc.nat(2000), fc.nat(), fc.nat(3), (scenario, at, seed) => {
        const build = generated(scenario);
        const exact = searched(build(), { reductions, states: 1500 });
        const states = at % exact.states.count;
        const fingerprints = { bits: 64, seed, states, chunk: 4 };
        expect(said(searched(build(), { reductions, states: 1500, fingerprints }))).toEqual(said(exact));
      }),
      { numRuns: 6 },
    );
  });

  it('comes to the verdict of an exact one where states are left out that older ones subsume', () => {
    const build = committed('scenarios/stub-iret.yaml', 'sync-iret');
    const exact = searched(build(), {});
    const other = searched(build(), { fingerprints: { bits: 64, seed: 0, states: 1000, chunk: 4 } });
    expect([other.end?.kind, firstStuck(other)]).toEqual([exact.end?.kind, firstStuck(exact)]);
    expect(other.states.count).toBeGreaterThanOrEqual(exact.states.count);
    expect(other.states.count).toBeLessThan(1.5 * exact.states.count);
    expect(other.states.vectors.bytes).toBeLessThan(exact.states.vectors.bytes / 2);
  });

  it('goes on where memory is used up, and ends where it is used up again', () => {
    const build = committed('scenarios/stub-iret.yaml', 'sync-iret');
    const reductions = KEEPS_ALL;
    const fingerprints = { bits: 64, seed: 0, chunk: 6 };
    const exact = searched(build(), { reductions });
    const memory = 0.5 * exact.counts.memory;
    const [stopped, other] = [undefined, fingerprints].map((after) =>
      searched(build(), { reductions, memory, fingerprints: after }),
    );
    if (stopped === undefined || other === undefined) throw new Error('two searches were done');
    expect(stopped.end).toEqual({ kind: 'limit', limit: 'memory' });
    expect(said(other)).toEqual(said(exact));
    expect(other.states.fingerprints?.exactly).toBeGreaterThan(100);
    expect(other.states.fingerprints?.exactly).toBeLessThan(other.states.count);
    const least = searched(build(), { reductions, memory: memory / 4, fingerprints });
    expect(least.end).toEqual({ kind: 'limit', limit: 'memory' });
  });

  it('finds a schedule to a violation that replays, as short as that of an exact one', () => {
    const build = committed('scenarios/stub.yaml', 'plain');
    const exact = searched(build(), {});
    const other = searched(build(), { fingerprints: { bits: 64, seed: 0, states: 100, chunk: 4 } });
    if (exact.end?.kind !== 'violated' || other.end?.kind !== 'violated') throw new Error('a violation is expected');
    expect(other.end.steps).toBe(exact.end.steps);
    const way = stepsTo(other, other.end);
    const { machine, monitors } = build();
    expect(stepsOfWay(machine, way)).toHaveLength(exact.end.steps);
    expect(monitors.violation?.property).toBe(exact.end.violation.property);
  });
});

it('A violation that was found by a detour is told if the search for a nearer way does not come to one', () => {
  const build = committed('scenarios/deferred-sync.yaml', 'int3-skipped');
  const search = searched(build(), { states: 8000 });
  const { end, detour, isExact } = search;
  if (end?.kind !== 'violated' || detour === undefined) throw new Error('a violation is expected');
  expect([isExact, end]).toEqual([true, detour.end]);
  const { machine, monitors } = build();
  stepsOfWay(machine, stepsTo(search, end));
  expect(monitors.violation?.property).toBe(end.violation.property);
});

it('A group of states that is never left is proven where it is one, without the vectors of its states', () => {
  const build = committed('scenarios/progress.yaml', 'retries');
  const search = searched(build(), { fingerprints: { bits: 64, seed: 0, states: 0, chunk: 1 } });
  const stuck = firstStuck(search);
  expect(stuck).toBe(firstStuck(searched(build(), {})));
  const group = stuckGroup(search, stuck ?? 0);
  expect(group.some((state) => search.isKept(state))).toBe(false);
  expect(isProven(search, group)).toBe(true);
  expect(isProven(search, [...group, 0])).toBe(false);
});

describe('A search with fingerprints that are far too short', () => {
  it.each([
    ['scenarios/allowed.yaml', 'two-workers'],
    ['scenarios/text-poke-bp-desc.yaml', 'two-workers'],
    ['scenarios/stub-iret.yaml', 'sync-iret'],
  ])('predicts within a factor of two how many states it misses with 16 bits: %s, %s', (path, variant) => {
    const build = committed(path, variant);
    const { count } = searched(build(), {}).states;
    for (const seed of [0, 1, 2]) {
      const search = searched(build(), { fingerprints: { bits: 16, seed, states: 0 } });
      const missed = count - search.states.count;
      const ratio = missedStates(search, 16, seed) / missed;
      expect(missed).toBeGreaterThan(100);
      expect(ratio, `seed ${seed}: ${missed} are missed`).toBeGreaterThan(0.5);
      expect(ratio, `seed ${seed}: ${missed} are missed`).toBeLessThan(2);
    }
  });

  it('reports no violation that an exact one does not find', () => {
    let falseAlarms = 0;
    fc.assert(
      fc.property(fc.nat(2000), fc.integer({ min: 6, max: 12 }), (scenario, bits) => {
        const build = generated(scenario);
        const exact = searched(build(), { states: 2000 });
        if (exact.end?.kind === 'limit') return;
        const search = searched(build(), { fingerprints: { bits, seed: 0, states: 0, chunk: 3 }, states: 2000 });
        const { end } = search;
        if (end?.kind === 'violated') {
          expect(exact.end?.kind).toBe('violated');
          const { machine, monitors } = build();
          stepsOfWay(machine, stepsTo(search, end));
          expect(monitors.violation?.property).toBe(end.violation.property);
        }
        const stuck = end?.kind === 'exhausted' ? firstStuck(search) : undefined;
        if (stuck === undefined || exact.end?.kind !== 'exhausted' || firstStuck(exact) !== undefined) return;
        falseAlarms++;
        expect(isProven(search, stuckGroup(search, stuck))).toBe(false);
      }),
      { numRuns: 20 },
    );
    expect(falseAlarms).toBeGreaterThan(0);
  });
});
