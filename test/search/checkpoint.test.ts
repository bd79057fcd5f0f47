import { describe, expect, it } from 'vitest';
import { type CpuNaming, NAMES_NO_CPU } from '../../src/machine/cpu-naming.js';
import { type BuiltScenario, buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';
import { Pace } from '../../src/search/checkpoint/pace.js';
import { dataOfText, dataText } from '../../src/search/checkpoint/plain-data.js';
import { bytesOf, Records, wordsOf } from '../../src/search/checkpoint/records.js';
import { Frontier } from '../../src/search/frontier.js';
import { NO_REDUCTIONS, type Reductions } from '../../src/search/reduction/reductions.js';
import type { Search } from '../../src/search/search.js';
import { bodyBehindSite, siteScenario } from '../site-scenario.js';
import { resumed } from './resumed.js';

/** A patcher and workers that execute `body` between their site and the way back. */
function scenario(body: string, more: string, workers: number): string {
  return siteScenario({
    name: 'kept',
    ...bodyBehindSite(body),
    cpus: 1 + workers,
    worker: `{cpu: ${workers === 1 ? 1 : '[1, 2]'}, entry: worker, stack: {private: 4096}}`,
    patch: ['new', 'old'],
    more,
  });
}

/** A search, and how large its pieces may be. */
interface Kind {
  /** Default: nothing. */
  readonly body?: string;
  readonly more: string;
  readonly reductions?: Reductions;
  readonly most?: number;
  /** The limit. */
  readonly states?: number;
  /** Default: 1. */
  readonly workers?: number;
  /** Default: what it is. */
  readonly naming?: CpuNaming;
}

/** What kinds of state a search has, by what makes it have them. */
const KINDS: Readonly<Record<string, Kind>> = {
  'conclusions that were wrong': { more: 'profile: ideal' },
  'stale text and subsumption': { more: 'profile: amd-apm' },
  'no reductions': { more: 'profile: amd-apm', reductions: NO_REDUCTIONS },
  'what reads below RSP': { body: 'mov -8(%rsp), %rbx', more: 'profile: ideal' },
  'text that is watched once it is stored to': { more: 'profile: intel-sdm' },
  'a violation': { more: 'algorithm: aligned-store\nprofile: amd-apm', most: 10 },
  'checks of the scenario': { more: 'check: {sometimes: {zero: "worker.rax == 0"}}' },
  'shadow stacks': { more: 'shadow-stack: on' },
  'lines that have a number before they are written': {
    body: 'mov %eax, -256(%rsp)',
    more: 'algorithm: text-poke-bp-desc',
    workers: 2,
    most: 40,
    states: 600,
  },
  'CPUs that are alike': { more: 'algorithm: text-poke-bp-desc\nprofile: spin-baseline', workers: 2 },
  'CPUs that are not alike as they should be': {
    more: 'algorithm: text-poke-bp-desc',
    workers: 2,
    naming: NAMES_NO_CPU,
    most: 200,
  },
};

describe('A search that is stopped, written down and read back by another machine every few states', () => {
  it.each(Object.entries(KINDS))(
    'finds what it finds at once: %s',
    (_kind, { body = 'nop', more, workers = 1, naming, ...kind }) => {
      const loaded = loadScenario(scenario(body, more, workers), 'kept.yaml');
      const build = (): BuiltScenario => {
        const built = buildScenario(loaded, {});
        if (naming !== undefined) Object.assign(built.machine.kernel, { naming });
        return built;
      };
      const both = resumed(build, { most: 100, states: 700, seed: 1, ...kind });
      expect(both.resumed).toEqual(both.whole);
      expect(both.pieces).toBeGreaterThan(2);
    },
  );
});

describe('Plain data', () => {
  it('comes back as it was', () => {
    const data = {
      list: [1, -2.5, 'text', true, null, undefined, []],
      big: [2n ** 64n, -7n],
      bytes: Uint8Array.of(0, 255),
      map: new Map<unknown, unknown>([
        [1, [2]],
        [[3n], new Set(['x'])],
      ]),
      nothing: undefined,
    };
    expect(dataOfText(dataText(data))).toStrictEqual(data);
  });

  it('is no class, no function, and no number that JSON lacks', () => {
    for (const value of [new Date(), () => 1, Number.NaN, { in: [Symbol.iterator] }])
      expect(() => dataText(value)).toThrow();
  });
});

it('Records come back by their names in their order, words as words', () => {
  const records = new Records();
  const words = Int32Array.of(1, -2, 3);
  records.put('a', words.subarray(1));
  records.put('b', Uint8Array.of(7));
  records.put('a', words);
  words.fill(0);
  expect(Array.from(records.all('a'), (bytes) => [...wordsOf(bytes)])).toEqual([
    [-2, 3],
    [1, -2, 3],
  ]);
  expect([...wordsOf(new Uint8Array([0, ...bytesOf(Int32Array.of(5))]).subarray(1))]).toEqual([5]);
});

it('A frontier goes on where it was', () => {
  const frontier = new Frontier();
  for (const [state, distance] of [
    [0, 0],
    [1, 1],
    [2, 1],
    [3, 4],
    [4, 2],
  ] as const)
    frontier.add(state, distance);
  const take = (from: Frontier): readonly (number | undefined)[] => {
    const taken = [from.peek(), from.distance];
    from.take();
    return taken;
  };
  take(frontier);
  expect(take(frontier)).toEqual([1, 1]);
  const again = Frontier.load(frontier.save());
  again.add(5, 1);
  expect([1, 2, 3, 4, 5].map(() => take(again))).toEqual([
    [2, 1],
    [5, 1],
    [4, 2],
    [3, 4],
    [undefined, 4],
  ]);
});

it('A search is written down again after enough new states, and a quarter of all; one that began anew counts from 0', () => {
  const pace = new Pace(10);
  const at = (count: number, restarts = 0): Search => ({ states: { count }, restarts }) as Search;
  expect([9, 10].map((count) => pace.isDue(at(count)))).toEqual([false, true]);
  pace.written(at(100));
  expect([124, 125].map((count) => pace.isDue(at(count)))).toEqual([false, true]);
  expect([9, 10].map((count) => pace.isDue(at(count, 1)))).toEqual([false, true]);
});
