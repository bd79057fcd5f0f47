import { InputError } from '../../input-error.js';
import { nameOf, type Recipe } from '../../judge/prepare.js';
import { EXIT } from '../exit-code.js';
import { internalErrorText } from '../io/internal-error.js';
import { type CheckedVariant, checkedVariant } from './checked-variant.js';
import { isOutOfMemory } from './jobs/out-of-memory.js';
import type { CheckSurroundings } from './surroundings.js';

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

/**
 * Checks a variant, here.
 * @throws InputError: the user has to mend something before anything more makes sense.
 */
export async function outcomeOf(recipe: Recipe, around: CheckSurroundings): Promise<CheckOutcome> {
  try {
    return await checkedVariant(recipe, around);
  } catch (error) {
    if (error instanceof InputError) throw error;
    return new VariantFailure(nameOf(recipe), error);
  }
}
