import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Arrival, StateTable } from '../../src/search/state-table.js';

/** Vectors with many zeros, of several lengths; some differ by zeros at the end alone. */
const vectors = fc.array(
  fc.array(fc.oneof(fc.constant(0), fc.integer({ min: -2, max: 2 }), fc.integer()), { maxLength: 12 }),
  {
    maxLength: 80,
  },
);

const withoutZeros = (vector: readonly number[]): number[] => vector.slice(0, vector.findLastIndex((n) => n !== 0) + 1);

/** How a state is reached, with as many steps as `choice`. */
const at = (from: number, cpu: number, choice: number): Arrival => ({ from, cpu, choice, distance: choice });

function read(table: StateTable, state: number): number[] {
  const out = new Int32Array(table.length);
  table.read(state, out);
  return withoutZeros([...out]);
}

describe('A table of states', () => {
  it('gives equal vectors the same number and others a new one, whatever their length', () => {
    fc.assert(
      fc.property(vectors, fc.integer({ min: 1, max: 6 }), (all, length) => {
        const table = new StateTable(length);
        const known = new Map<string, number>();
        all.forEach((vector, from) => {
          const key = withoutZeros(vector).join();
          const expected = known.get(key) ?? known.size;
          known.set(key, expected);
          // What lies behind the vector does not belong to it.
          const given = Int32Array.from([...vector, 77, 78]);
          expect(table.insert(given, vector.length, at(from - 1, from & 7, from))).toBe(expected);
          expect(table.count).toBe(known.size);
        });
        for (const [key, state] of known) expect(read(table, state).join()).toBe(key);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps how a state was reached first', () => {
    const table = new StateTable(2);
    const insert = (word: number, from: number, cpu: number, choice: number): number =>
      table.insert(Int32Array.of(word), 1, at(from, cpu, choice));
    insert(5, -1, 0, 0);
    insert(6, 0, 7, 3);
    insert(6, 5, 1, 1);
    insert(7, 1, 2, 20_000);
    expect([0, 1, 2].map((state) => table.originOf(state))).toEqual([
      { from: -1, cpu: 0, choice: 0 },
      { from: 0, cpu: 7, choice: 3 },
      { from: 1, cpu: 2, choice: 20_000 },
    ]);
  });

  it('stays right over many chunks, while vectors become longer and the table is built anew', () => {
    const table = new StateTable(2);
    const count = 60_000;
    const vectorOf = (n: number): Int32Array => {
      const vector = new Int32Array(n < count / 2 ? 2 : 20);
      vector[0] = n % 251;
      vector[n < count / 2 ? 1 : 2 + (n % 18)] = n;
      return vector;
    };
    for (let n = 0; n < count; n++) {
      const vector = vectorOf(n);
      if (table.insert(vector, vector.length, at(n - 1, n & 7, n % 100)) !== n) throw new Error(`${n} is not new`);
    }
    const bytes = table.bytes;
    for (let n = 0; n < count; n += 7) {
      const vector = vectorOf(n);
      if (table.insert(vector, vector.length, at(0, 0, 0)) !== n) throw new Error(`${n} is not known`);
      if (table.originOf(n).from !== n - 1) throw new Error(`${n} was reached otherwise`);
    }
    expect([table.count, table.bytes]).toEqual([count, bytes]);
    expect(read(table, 40_001)).toEqual([...vectorOf(40_001)].slice(0, 3 + (40_001 % 18)));
    expect(table.length).toBeGreaterThanOrEqual(20);
  });
});
