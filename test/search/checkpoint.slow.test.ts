import { describe, expect, it } from 'vitest';
import { Pace } from '../../src/search/checkpoint/pace.js';
import { dataOfText, dataText } from '../../src/search/checkpoint/plain-data.js';
import { bytesOf, Records, wordsOf } from '../../src/search/checkpoint/records.js';
import { Frontier } from '../../src/search/frontier.js';
import type { Search } from '../../src/search/search.js';
import { builderOf, KINDS } from './kinds-of-search.js';
import { resumed } from './resumed.js';

describe('A search that is stopped, written down and read back by another machine every few states', () => {
  it.each(Object.entries(KINDS))('finds what it finds at once: %s', (_name, kind) => {
    const both = resumed(builderOf(kind), { most: 100, states: 700, seed: 1, ...kind });
    expect(both.resumed).toEqual(both.whole);
    expect(both.pieces).toBeGreaterThan(2);
  });
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
