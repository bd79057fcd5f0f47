import fc from 'fast-check';
import { expect, it } from 'vitest';
import { InputError } from '../../src/input-error.js';
import { loadScenario } from '../../src/scenario/load.js';
import { fullScenario } from './full-scenario.js';

/** Characters that mean something to YAML or to the schema, and some that mean nothing to either. */
const characters = [
  ...'\n\r\t :,-?#&*!|>%@`"\'{}[]~<=+.0189axyzAZ_\\/\u0000\u001b\u00e9\u20ac\ufeff\u2028',
  '\ud83d\ude00',
  '\ud800',
];

type Edit = (text: string) => string;

const place = fc.nat({ max: fullScenario.length });
const length = fc.oneof(fc.constant(1), fc.nat({ max: 40 }), fc.nat({ max: fullScenario.length }));
const edits: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(place, length).map(
    ([at, size]): Edit =>
      (text) =>
        text.slice(0, at) + text.slice(at + size),
  ),
  fc.tuple(place, length).map(
    ([at, size]): Edit =>
      (text) =>
        text.slice(0, at + size) + text.slice(at),
  ),
  fc.tuple(place, fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength: 4 })).map(
    ([at, noise]): Edit =>
      (text) =>
        text.slice(0, at) + noise + text.slice(at + noise.length),
  ),
  fc.tuple(place, place, length).map(
    ([from, to, size]): Edit =>
      (text) =>
        text.slice(0, to) + text.slice(from, from + size) + text.slice(to),
  ),
);

it('A damaged file gives a scenario or an InputError with a place inside the file', () => {
  let valid = 0;
  fc.assert(
    fc.property(fc.array(edits, { minLength: 1, maxLength: 3 }), (list) => {
      const text = list.reduce((damaged, edit) => edit(damaged), fullScenario);
      try {
        const loaded = loadScenario(text, 'damaged.yaml');
        valid++;
        expect([undefined, ...loaded.variants].map((name) => loaded.variant(name).variant)).toHaveLength(
          loaded.variants.length + 1,
        );
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        const { line = 0, column = 0 } = error.location ?? {};
        expect(line).toBeGreaterThan(0);
        expect(line).toBeLessThanOrEqual(text.split('\n').length);
        expect(column).toBeGreaterThan(0);
      }
    }),
    { numRuns: 2000, seed: 20181129 },
  );
  // Both ends are exercised: most damage is found, some (in comments, titles, numbers) leaves a valid file.
  expect(valid).toBeGreaterThan(20);
  expect(valid).toBeLessThan(1980);
});
