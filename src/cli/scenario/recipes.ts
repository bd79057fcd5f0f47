import { basename } from 'node:path';
import { InputError } from '../../input-error.js';
import { type Backend, prepare, type Recipe } from '../../judge/prepare.js';
import { STDIN } from '../io/read-input.js';
import type { ScenarioInput } from './scenario-input.js';

/** Which variants of a scenario are wanted, and how. */
export interface RecipeChoice {
  readonly variant?: string;
  /** The file for the only schedule. */
  readonly schedule?: string;
  readonly backend: Backend;
  readonly profile?: string;
}

/**
 * The variants that are wanted, each of which can be built: what is wrong with any is said before anything is executed.
 * @param done what happens to them: `run`
 */
export function recipesFor(
  { loaded, path, files, locate }: ScenarioInput,
  choice: RecipeChoice,
  done: string,
): Recipe[] {
  const { variant: wanted, schedule, backend, profile } = choice;
  const all = loaded.variants.length === 0 ? [undefined] : loaded.variants;
  const variants = wanted === undefined ? all : [wanted];
  if (schedule !== undefined && variants.length > 1) {
    throw new InputError(`--schedule names one file, but several variants would be ${done}`, {
      hint: `choose one with --variant: ${loaded.variants.join(', ')}`,
    });
  }
  const sourceName = path === STDIN ? undefined : basename(path);
  const recipes = variants.map((variant) => ({ loaded, variant, files: files(variant), backend, profile, sourceName }));
  try {
    for (const recipe of recipes) prepare(recipe);
  } catch (error) {
    throw locate(error);
  }
  return recipes;
}
