import { expect, it } from 'vitest';
import { probabilityText, verdictText } from '../../src/explore/verdict.js';

it('A probability is told with two digits, rounded up', () => {
  expect([0, 2.71e-4, 1.64e-10, 9.99e-8, 0.5, 1, 2 ** -64].map(probabilityText)).toEqual([
    'p <= 0',
    'p <= 2.8e-4',
    'p <= 1.7e-10',
    'p <= 1e-7',
    'p <= 5e-1',
    'p <= 1',
    'p <= 5.5e-20',
  ]);
});

it('What is verified with a probability is never called exhaustive', () => {
  expect(verdictText({ kind: 'verified' })).toBe('VERIFIED exhaustive');
  expect(verdictText({ kind: 'verified', probability: 2.7e-9 })).toMatch(/^VERIFIED probabilistic p <= 2\.[78]e-9$/);
});
