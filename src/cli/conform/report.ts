import type { Backend, Finding } from '../../conform/conformity.js';
import type { Tally } from '../../conform/tally.js';
import type { Vector } from '../../conform/vector.js';
import type { InputError } from '../../input-error.js';

/** A vector that failed, and where it stands. */
export interface Failure {
  readonly vector: Vector;
  readonly file: string;
  readonly line: number;
  readonly findings: readonly Finding[];
}

/** All that was found in the end. */
export interface Summary {
  readonly files: readonly string[];
  readonly backends: readonly Backend[];
  readonly tally: Tally;
  /** Lines and files that could not be read. */
  readonly malformed: number;
  readonly exitCode: number;
}

/** Tells what comes up; failures and malformed lines as they do. */
export interface Presenter {
  failure(failure: Failure): void;
  malformed(error: InputError): void;
  end(summary: Summary): void;
}
