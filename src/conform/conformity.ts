import type { Interpreter } from '../cpu/interpreter.js';
import type { Mismatch } from './mismatch.js';
import type { Vector } from './vector.js';
import { VectorBench } from './vector-bench.js';
import type { VectorResult } from './vector-result.js';

export type Backend = Interpreter['name'];

/** What is wrong on some backends, which all show the same. */
export interface Finding {
  readonly backends: readonly Backend[];
  readonly mismatches: readonly Mismatch[];
}

/** How a vector went on all backends: it passes when it does on each of them. */
export type Outcome =
  | Exclude<VectorResult, { kind: 'failed' }>
  | { readonly kind: 'failed'; readonly findings: readonly Finding[] };

/** Executes vectors on several backends. */
export class Conformity {
  private readonly benches: readonly VectorBench[];

  constructor(backends: readonly Backend[]) {
    this.benches = backends.map((backend) => new VectorBench(backend));
  }

  run(vector: Vector): Outcome {
    const results = this.benches.map((bench) => ({ backend: bench.backend, result: bench.run(vector) }));
    const findings: { backends: Backend[]; mismatches: readonly Mismatch[] }[] = [];
    let other: Outcome = { kind: 'passed' };
    for (const { backend, result } of results) {
      if (result.kind === 'failed') {
        const same = findings.find(({ mismatches }) => equal(mismatches, result.mismatches));
        if (same === undefined) findings.push({ backends: [backend], mismatches: result.mismatches });
        else same.backends.push(backend);
      } else if (result.kind !== 'passed') other = result;
    }
    return findings.length === 0 ? other : { kind: 'failed', findings };
  }
}

function equal(some: readonly Mismatch[], others: readonly Mismatch[]): boolean {
  return JSON.stringify(some) === JSON.stringify(others);
}
