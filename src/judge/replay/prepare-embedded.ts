import type { ParsedSchedule } from '../../explore/schedule-file/parse.js';
import type { Schedule } from '../../explore/schedule-file.js';
import { InputError } from '../../input-error.js';
import { loadScenario } from '../../scenario/load.js';
import { type Backend, type Prepared, prepare, type Recipe } from '../prepare.js';

/** The machine of the scenario that a schedule has in it. See {@link openEmbedded}. */
export function prepareEmbedded(schedule: Schedule | ParsedSchedule, file: string, backend: Backend): Prepared {
  return openEmbedded(schedule, file, backend).prepared;
}

/** The scenario in a schedule: a machine of it, and how others are made. */
export interface Embedded {
  readonly recipe: Recipe;
  readonly prepared: Prepared;
}

/**
 * Opens the scenario that a schedule has in it.
 * @param file the schedule's, for messages
 * @throws InputError at its place in the schedule file, if it was read from one.
 */
export function openEmbedded(schedule: Schedule | ParsedSchedule, file: string, backend: Backend): Embedded {
  const { variant, profile, source, files } = schedule;
  try {
    const loaded = loadScenario(source.text, source.name);
    if (loaded.name !== schedule.scenario) {
      throw new InputError(`the schedule is of ${schedule.scenario}, but the scenario in it is ${loaded.name}`, {
        location: { file },
      });
    }
    const recipe = { loaded, variant, files, backend, profile, sourceName: source.name };
    return { recipe, prepared: prepare(recipe) };
  } catch (error) {
    throw 'line' in source ? inScheduleFile(error, file, source) : error;
  }
}

/** An error in the embedded scenario, at its place in the schedule file. */
function inScheduleFile(error: unknown, file: string, { name, line: start }: ParsedSchedule['source']): unknown {
  if (!(error instanceof InputError) || error.location?.file !== name) return error;
  const { line, column } = error.location;
  return new InputError(error.message, {
    location: {
      file,
      ...(line === undefined ? {} : { line: start + line - 1 }),
      ...(column === undefined ? {} : { column }),
    },
    ...(error.excerpt === undefined ? {} : { excerpt: error.excerpt }),
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}
