import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { mismatchText } from '../../src/conform/mismatch.js';
import { parseVector } from '../../src/conform/parse-vector.js';
import type { Vector } from '../../src/conform/vector.js';
import { VectorBench } from '../../src/conform/vector-bench.js';

const FOLDER = fileURLToPath(new URL('vectors/', import.meta.url));
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.jsonl.gz'));

/** Instructions that were recorded but are not implemented: `addps (Addps_xmm_xmmm128)`. */
const NOT_IMPLEMENTED: readonly string[] = [];

function vectorsOf(file: string): Vector[] {
  const text = gunzipSync(readFileSync(`${FOLDER}${file}`)).toString();
  return text
    .trimEnd()
    .split('\n')
    .map((line, i) => parseVector(line, file, i + 1));
}

describe('instructions recorded on a real CPU', () => {
  it('are there', () => {
    expect(files).not.toEqual([]);
  });

  for (const backend of ['wasm', 'bigint'] as const) {
    const bench = new VectorBench(backend);
    const unsupported = new Set<string>();

    it.each(files)(`of %s give the recorded state on the ${backend} backend`, (file) => {
      const vectors = vectorsOf(file);
      const failures: string[] = [];
      let passed = 0;
      for (const vector of vectors) {
        const result = bench.run(vector);
        if (result.kind === 'passed') passed++;
        else if (result.kind === 'unsupported') unsupported.add(result.reason);
        else if (result.kind === 'failed')
          failures.push(`${nameOf(vector)}: ${result.mismatches.map(mismatchText).join('; ')}`);
      }
      expect(failures).toEqual([]);
      // Whatever is not compared in full must stay the exception.
      expect(passed).toBeGreaterThan(0.95 * vectors.length);
    });

    it(`need only known instructions that the ${backend} backend does not implement`, () => {
      expect([...unsupported].sort()).toEqual(NOT_IMPLEMENTED);
    });
  }
});

const nameOf = ({ name, bytes }: Vector): string => `${name} ${Buffer.from(bytes).toString('hex')}`;
