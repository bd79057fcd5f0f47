import { basename } from 'node:path';
import type { RecordedRun } from '../../explore/recorded-run.js';
import type { Schedule } from '../../explore/schedule-file.js';
import { STDIN } from '../io/read-input.js';
import type { Recipe } from './prepare.js';

/**
 * A recorded execution of a recipe as a schedule file holds it.
 * @param path the scenario file, as on the command line
 * @param scheduler what chose the steps, for people
 */
export function recipeSchedule(record: RecordedRun, recipe: Recipe, path: string, scheduler: string): Schedule {
  const { loaded, variant, profile, files } = recipe;
  const name = path === STDIN ? `${loaded.name}.yaml` : basename(path);
  return { ...record, scenario: loaded.name, variant, profile, scheduler, source: { name, text: loaded.text }, files };
}
