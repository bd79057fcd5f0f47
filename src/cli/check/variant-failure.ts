import { EXIT } from '../exit-code.js';
import { internalErrorText } from '../io/internal-error.js';
import type { CheckedVariant } from './checked-variant.js';
import { isOutOfMemory } from './jobs/out-of-memory.js';

/** What came of the check of a variant. */
export type CheckOutcome = CheckedVariant | VariantFailure;

/** That nothing can be told of a variant, as its check went wrong; the others are checked all the same. */
export class VariantFailure {
  private readonly isOutOfMemory: boolean;

  constructor(
    /** Of the variant, for people. */
    readonly name: string,
    private readonly error: unknown,
  ) {
    this.isOutOfMemory = isOutOfMemory(error);
  }

  get exitCode(): number {
    return this.isOutOfMemory ? EXIT.inconclusive : EXIT.internal;
  }

  /** In the place of a verdict. */
  get reason(): string {
    return this.isOutOfMemory ? 'out of memory' : 'internal error';
  }

  /** For standard error, whole lines. */
  get message(): string {
    return this.isOutOfMemory
      ? `xmc: error: ${this.name}: its thread ran out of memory\nhint: with less --max-memory it ends before that; with fewer --jobs there is more for each\n`
      : internalErrorText(this.error, ` in the check of ${this.name}`);
  }
}
