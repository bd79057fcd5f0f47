import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalValue } from '../../src/machine/canonical-value.js';

/** Data as observers have it; -0 is no different from 0 to anybody. */
const datum = fc.letrec((tie) => ({
  leaf: fc.oneof(
    fc.nat(3),
    fc.bigInt({ min: 0n, max: 3n }),
    fc.boolean(),
    fc.constant(undefined),
    fc.constant(null),
    fc.constantFrom('', 'a', '1', 'null', ']', '"'),
    fc.uint8Array({ maxLength: 3, max: 2 }),
    fc.uint8Array({ maxLength: 1 }),
  ),
  list: fc.array(tie('any'), { maxLength: 3 }),
  object: fc.dictionary(fc.constantFrom('a', 'b'), tie('any')),
  any: fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('list'), tie('object')),
})).any;

/** What two data have to agree on to be equal: a description that is longer but obviously faithful. */
function faithful(value: unknown): string {
  if (value instanceof Uint8Array) return `bytes(${value.length})(${[...value].join(' ')})`;
  if (Array.isArray(value)) return `list(${value.length})(${value.map(faithful).join(' ')})`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, of]) => of !== undefined);
    const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `object(${sorted.length})(${sorted.map(([name, of]) => `${name}=${faithful(of)}`).join(' ')})`;
  }
  return `${typeof value}(${String(value)})`;
}

describe('A canonical value', () => {
  it('is equal for equal data and for no other', () => {
    fc.assert(
      fc.property(datum, datum, (a, b) => {
        expect(canonicalValue(a) === canonicalValue(b)).toBe(faithful(a) === faithful(b));
        expect(canonicalValue(structuredClone(a))).toBe(canonicalValue(a));
      }),
      { numRuns: 3000 },
    );
  });

  it('tells bytes from what follows them in a list', () => {
    const [one, two] = [[Uint8Array.of(1), 2], [Uint8Array.of(1, 2)]];
    expect(canonicalValue(one)).not.toBe(canonicalValue(two));
    expect(canonicalValue([Uint8Array.of(), Uint8Array.of()])).not.toBe(canonicalValue([Uint8Array.of()]));
  });

  it('does not depend on the order in which properties, entries and members came about', () => {
    expect(canonicalValue({ a: 1, b: [2n] })).toBe(canonicalValue({ b: [2n], a: 1 }));
    expect(canonicalValue(new Map([[1n, 'x'], [2n, 'y']]))).toBe(canonicalValue(new Map([[2n, 'y'], [1n, 'x']]))); // biome-ignore format: a row
    expect(canonicalValue(new Set([3, 1, 2]))).toBe(canonicalValue(new Set([2, 3, 1])));
  });

  it('depends on the order of lists, and on what kind of thing a datum is', () => {
    const all = [[1, 2], [2, 1], new Set([1, 2]), [[1], 2], [1, [2]], [1n, 2], ['1', 2], [undefined, null], [null], []];
    expect(new Set(all.map(canonicalValue)).size).toBe(all.length);
  });

  it('refuses what is no data', () => {
    expect(() => canonicalValue({ f: () => 1 })).toThrow('the state of an observer is data');
  });

  it('tells all bytes apart', () => {
    const texts = Array.from({ length: 256 }, (_, byte) => canonicalValue(Uint8Array.of(byte)));
    expect(new Set(texts).size).toBe(256);
    const several = [[], [0], [0, 0], [0xef, 0xbb, 0xbf], [0xbf], [0x2c], [0x2c, 0x5d], [0x5d, 0x2c]];
    expect(new Set(several.map((bytes) => canonicalValue(Uint8Array.from(bytes)))).size).toBe(several.length);
  });
});
