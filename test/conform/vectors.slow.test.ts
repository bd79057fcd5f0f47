import { describe, expect, it } from 'vitest';
import { mismatchText } from '../../src/conform/mismatch.js';
import { parseVector } from '../../src/conform/parse-vector.js';
import { VectorBench } from '../../src/conform/vector-bench.js';
import { sampleTests } from './generator.js';
import { expectRecorded, linesOf, VECTOR_FILES } from './recorded-vectors.js';

describe('the instructions recorded on a real CPU', () => {
  it('are 20,000 or more', () => {
    const tests = VECTOR_FILES.reduce((sum, file) => sum + linesOf(file).length, 0);
    expect(tests).toBeGreaterThan(20_000);
  });

  describe.each(['wasm', 'bigint'] as const)('on the %s backend', (backend) => {
    it.each(VECTOR_FILES)('of %s give the recorded state', (file) => expectRecorded(file, backend, 1));
  });
});

describe('a program without end', () => {
  it('is executed for 262,144 steps', () => {
    const line = { name: 'endless', bytes: 'ebfe', until: 'int3', initial: { rip: '10001000' }, final: {} };
    const result = new VectorBench('wasm').run(parseVector(JSON.stringify(line), 'endless.jsonl', 1));
    const mismatches = result.kind === 'failed' ? result.mismatches.map(mismatchText) : [];
    expect(mismatches).toEqual(['end: recorded INT3, got none in 262144 steps']);
  });
});

describe('a sample of tests', () => {
  const sample = (seed: string) => sampleTests(seed, 400).map(({ name, bytes, initial }) => ({ name, bytes, initial }));

  it('has as many tests as it should, programs among them, the same ones for the same seed, others for another', () => {
    const some = sample('some');
    expect(some).toHaveLength(400);
    expect(some.filter(({ name }) => name.startsWith('program:'))).toHaveLength(10);
    expect(sample('some')).toEqual(some);
    expect(sample('other')).not.toEqual(some);
  });
});
