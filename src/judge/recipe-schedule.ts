import { basename } from 'node:path';
import { STDIN } from '../cli/io/read-input.js';
import type { RecordedRun } from '../explore/recorded-run.js';
import type { Schedule } from '../explore/schedule-file.js';
import type { Recipe } from './prepare.js';

/**
 * A recorded execution of a recipe as a schedule file holds it.
 * @param path the scenario file, as on the command line
 * @param scheduler what chose the steps, for people
 * @param randomSeed of what RDRAND and RDSEED gave, if it matters
 */
export function recipeSchedule(
  record: RecordedRun,
  recipe: Recipe,
  path: string,
  scheduler: string,
  randomSeed?: number,
): Schedule {
  const { loaded, variant, profile, files } = recipe;
  const name = path === STDIN ? `${loaded.name}.yaml` : basename(path);
  const source = { name, text: loaded.text };
  return { ...record, scenario: loaded.name, variant, profile, scheduler, randomSeed, source, files };
}
