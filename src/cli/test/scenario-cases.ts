import { relative, resolve } from 'node:path';
import { originOf } from '../../judge/recipe-schedule.js';
import { expectedOfCase, type RegressionCase } from '../../regression/judge-case.js';
import { limits } from '../../scenario/limits.js';
import { decodeText, readFileBytes } from '../io/read-input.js';
import { recipesFor } from '../scenario/recipes.js';
import { scenarioInput } from '../scenario/scenario-input.js';
import { ScheduleShelf } from './schedule-shelf.js';

/**
 * The cases of a scenario file: its variants, or itself.
 * @param file relative to the root: so it is named in reports
 * @throws InputError when it is no scenario, or one of its variants cannot be built.
 */
export function scenarioCases(file: string, root: string): RegressionCase[] {
  const path = relative('.', resolve(root, file));
  const text = decodeText(readFileBytes(path, limits.fileBytes), file);
  const recipes = recipesFor(scenarioInput(path, text, file), { backend: 'wasm' }, 'tested');
  return recipes.map((recipe) => {
    const expected = expectedOfCase(recipe);
    return { recipe, expected, shelf: new ScheduleShelf(path, originOf(recipe)) };
  });
}
