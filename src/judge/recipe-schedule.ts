import type { RecordedRun } from '../explore/recorded-run.js';
import type { Schedule } from '../explore/schedule-file.js';
import type { Recipe } from './prepare.js';

/**
 * A recorded execution of a recipe as a schedule file holds it.
 * @param scheduler what chose the steps, for people
 * @param randomSeed of what RDRAND and RDSEED gave, if it matters
 */
export function recipeSchedule(record: RecordedRun, recipe: Recipe, scheduler: string, randomSeed?: number): Schedule {
  const { loaded, variant, profile, files, sourceName } = recipe;
  const source = { name: sourceName ?? `${loaded.name}.yaml`, text: loaded.text };
  return { ...record, scenario: loaded.name, variant, profile, scheduler, randomSeed, source, files };
}
