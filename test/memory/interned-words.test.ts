import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InternedWords } from '../../src/memory/interned-words.js';

const word = fc.oneof(fc.constant(0), fc.integer({ min: -2, max: 2 }), fc.integer());
const sequences = fc.array(fc.array(word, { maxLength: 6 }), { maxLength: 120 });

const contentOf = (interned: InternedWords, number: number): number[] => {
  const start = interned.start(number);
  return [...interned.words.subarray(start, start + interned.lengthOf(number))];
};

describe('Interned words', () => {
  it('have the same number if and only if they are the same, in the order of first sight', () => {
    fc.assert(
      fc.property(sequences, (all) => {
        const interned = new InternedWords();
        const known = new Map<string, number>();
        for (const words of all) {
          const expected = known.get(words.join()) ?? known.size;
          known.set(words.join(), expected);
          // What lies behind them does not belong to them.
          expect(interned.intern(Int32Array.from([...words, 1, 2]), words.length)).toBe(expected);
        }
        expect(interned.count).toBe(known.size);
        for (const [words, number] of known) expect(contentOf(interned, number).join()).toBe(words);
      }),
      { numRuns: 300 },
    );
  });

  it('tell sequences apart that differ by zeros at the end, or are empty', () => {
    const interned = new InternedWords();
    const zeros = new Int32Array(4);
    expect([0, 1, 2, 4, 0, 2].map((length) => interned.intern(zeros, length))).toEqual([0, 1, 2, 3, 0, 2]);
  });

  it('keep their numbers and contents while all tables grow', () => {
    const interned = new InternedWords();
    const words = new Int32Array(40);
    const fill = (n: number): number => {
      words.fill(n);
      words[n % 40] = -n;
      return 1 + (n % 40);
    };
    const count = 5000;
    for (let n = 0; n < count; n++) if (interned.intern(words, fill(n)) !== n) throw new Error(`${n} is not new`);
    const { bytes } = interned;
    for (let n = 0; n < count; n++) {
      const length = fill(n);
      if (interned.intern(words, length) !== n) throw new Error(`${n} is not known`);
      if (contentOf(interned, n).join() !== [...words.subarray(0, length)].join()) throw new Error(`${n} has changed`);
    }
    expect([interned.count, interned.bytes]).toEqual([count, bytes]);
  });
});
