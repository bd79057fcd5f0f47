import { describe, expect, it } from 'vitest';
import { expectationOf, expectedVariants, matrix, verdictOf } from './verdicts.js';

describe('the verdicts of mail 002', () => {
  it.each(expectedVariants('stub.yaml'))('are as expected: $name', (variant) => {
    expect(verdictOf(variant)).toBe(expectationOf(variant));
  });

  it.each(expectedVariants('stub-iret.yaml'))('with and without sync and serialising IRET: $name', (variant) => {
    expect(verdictOf(variant)).toBe(expectationOf(variant));
  });
});

describe('the verdicts of small scenarios', () => {
  it.each(expectedVariants('progress.yaml'))('on progress are as expected: $name', (variant) => {
    expect(verdictOf(variant)).toBe(expectationOf(variant));
  });

  it.each(expectedVariants('text-poke-bp-desc.yaml'))('with one reference count are as expected: $name', (variant) => {
    expect(verdictOf(variant)).toBe(expectationOf(variant));
  });

  it.each(expectedVariants('allowed.yaml'))('do not report what nobody promises: $name', (variant) => {
    expect(verdictOf(variant)).toBe(expectationOf(variant));
  });
});

describe('the matrix of algorithms and hazards', () => {
  it.each(matrix('some'))('has the expected verdict: $name', (variant) => {
    expect(verdictOf(variant)).toBe(expectationOf(variant));
  });
});
