import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/explore/random.js';

describe('pseudo-random numbers', () => {
  it('are the same for the same seed, everywhere and for ever: schedules are named by their seed', () => {
    const first = (seed: number): number[] => {
      const random = new Random(seed);
      return Array.from({ length: 4 }, () => random.next());
    };
    expect([0, 1, 7, -1, 0xffffffff, 0x12345678].map(first)).toEqual([
      [2462723854, 1020716019, 454327756, 1275600319],
      [2527132011, 314344336, 2535364964, 2041432039],
      [588686121, 1937383562, 4286812467, 2372217166],
      [920564995, 4230986166, 697614773, 1778835764],
      [920564995, 4230986166, 697614773, 1778835764],
      [74866922, 1618129884, 1239207593, 1002563618],
    ]);
  });

  it('below a count are whole and below it', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 100 }), (seed, count) => {
        const random = new Random(seed);
        for (let i = 0; i < 50; i++) {
          const value = random.below(count);
          expect(Number.isInteger(value) && value >= 0 && value < count).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('below a count reach every value about equally often', () => {
    const random = new Random(5);
    const counts = new Map<number, number>();
    for (let i = 0; i < 7000; i++) {
      const value = random.below(7);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });

  it('of neighbouring seeds have nothing to do with each other', () => {
    const bits = (seed: number): number => new Random(seed).next();
    let different = 0;
    for (let seed = 0; seed < 500; seed++) {
      for (let x = bits(seed) ^ bits(seed + 1); x !== 0; x &= x - 1) different++;
    }
    expect(different / 500).toBeGreaterThan(15);
    expect(different / 500).toBeLessThan(17);
  });
});
