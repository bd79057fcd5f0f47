import { loadScenario } from '../../../scenario/load.js';
import type { Recipe } from '../../scenario/prepare.js';

/** Recipes of one scenario as plain data, for another thread: the scenario as it was read, and all that they have besides. */
export interface SentRecipes {
  readonly text: string;
  readonly file: string;
  readonly recipes: readonly Omit<Recipe, 'loaded'>[];
}

export function sent(recipes: readonly Recipe[]): SentRecipes {
  const [first] = recipes;
  if (first === undefined) throw new Error('a scenario without recipes');
  const { text, file } = first.loaded;
  return { text, file, recipes: recipes.map(({ loaded, ...recipe }) => recipe) };
}

export function received({ text, file, recipes }: SentRecipes): readonly Recipe[] {
  const loaded = loadScenario(text, file);
  return recipes.map((recipe) => ({ ...recipe, loaded }));
}
