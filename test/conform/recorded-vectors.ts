import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import type { Backend } from '../../src/conform/conformity.js';
import { mismatchText } from '../../src/conform/mismatch.js';
import { parseVector } from '../../src/conform/parse-vector.js';
import type { Vector } from '../../src/conform/vector.js';
import { VectorBench } from '../../src/conform/vector-bench.js';

const FOLDER = fileURLToPath(new URL('vectors/', import.meta.url));

/** The committed files of recorded tests. */
export const VECTOR_FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.jsonl.gz'));

/** The lines of one of them. */
export function linesOf(file: string): readonly string[] {
  return gunzipSync(readFileSync(`${FOLDER}${file}`))
    .toString()
    .trimEnd()
    .split('\n');
}

/** Executes every `step`th test of a file and expects that each is compared in full and passes. */
export function expectRecorded(file: string, backend: Backend, step: number): void {
  const bench = benchOf(backend);
  const failures: string[] = [];
  let tests = 0;
  linesOf(file).forEach((line, i) => {
    if (i % step !== 0) return;
    tests++;
    const vector = parseVector(line, file, i + 1);
    const result = bench.run(vector);
    if (result.kind === 'passed') return;
    const why = result.kind === 'failed' ? result.mismatches.map(mismatchText).join('; ') : result.reason;
    failures.push(`${nameOf(vector)}: ${result.kind}: ${why}`);
  });
  expect(failures).toEqual([]);
  expect(tests).toBeGreaterThan(0);
}

const benches = new Map<Backend, VectorBench>();
function benchOf(backend: Backend): VectorBench {
  const bench = benches.get(backend) ?? new VectorBench(backend);
  benches.set(backend, bench);
  return bench;
}

const nameOf = ({ name, bytes }: Vector): string => `${name} ${Buffer.from(bytes).toString('hex')}`;
