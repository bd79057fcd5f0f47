import type { RecordedRun } from '../explore/recorded-run.js';
import type { Schedule } from '../explore/schedule-file.js';
import type { Recipe } from './prepare.js';

/**
 * A recorded execution of a recipe as a schedule file holds it.
 * @param scheduler what chose the steps, for people
 * @param randomSeed of what RDRAND and RDSEED gave, if it matters
 */
export function recipeSchedule(record: RecordedRun, recipe: Recipe, scheduler: string, randomSeed?: number): Schedule {
  const { loaded, profile, files } = recipe;
  const { scenario, variant, source: name } = originOf(recipe);
  return { ...record, scenario, variant, profile, scheduler, randomSeed, source: { name, text: loaded.text }, files };
}

/** What a schedule is one of. */
export interface Origin {
  readonly scenario: string;
  readonly variant: string | undefined;
  /** The scenario file, without folders. */
  readonly source: string;
}

/** What schedules of a recipe say of themselves. */
export function originOf({ loaded, variant, sourceName }: Recipe): Origin {
  return { scenario: loaded.name, variant, source: sourceName ?? `${loaded.name}.yaml` };
}
