import { expect, it } from 'vitest';
import { didYouMean } from '../src/suggest.js';

it.each([
  ['sise', ['name', 'base', 'size'], 'size'],
  ['reigsters', ['registers', 'register'], 'registers'],
  ['NMI', ['nmi', 'mc'], 'nmi'],
  ['profil', ['profile', 'profiles'], 'profile'],
  ['ab', ['ba', 'ac'], 'ac'],
])('%s is close to a word of %j', (word, candidates, expected) => {
  expect(didYouMean(word, candidates)).toBe(`did you mean '${expected}'?`);
});

it.each([
  ['entry', ['cpu', 'stack']],
  ['x', ['abc']],
  ['anything', []],
  ['k'.repeat(100), ['k'.repeat(99)]],
])('%s is close to no word of %j', (word, candidates) => {
  expect(didYouMean(word, candidates)).toBeUndefined();
});
