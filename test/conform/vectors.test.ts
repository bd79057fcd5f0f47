import { describe, expect, it } from 'vitest';
import { expectRecorded, VECTOR_FILES } from './recorded-vectors.js';

/** All of them are executed in vectors.slow.test.ts. */
const STEP = 16;

describe('a sample of the instructions recorded on a real CPU', () => {
  it('is there', () => {
    expect(VECTOR_FILES.length).toBeGreaterThan(20);
  });

  it.each(VECTOR_FILES)('of %s gives the recorded state on both backends', (file) => {
    expectRecorded(file, 'wasm', STEP);
    expectRecorded(file, 'bigint', STEP);
  });
});
