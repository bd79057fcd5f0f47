import fc from 'fast-check';
import { expect, it } from 'vitest';
import { union } from '../../src/search/union.js';

const ascending = fc.uniqueArray(fc.nat(12)).map((numbers) => numbers.sort((a, b) => a - b));

it('The union of two ascending lists has each number of either once, in ascending order', () => {
  fc.assert(
    fc.property(ascending, ascending, (some, others) => {
      const all = Array.from({ length: 13 }, (_, number) => number);
      expect(union(some, others)).toEqual(all.filter((number) => some.includes(number) || others.includes(number)));
    }),
  );
});
