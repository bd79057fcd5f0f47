import { recordRun } from '../../explore/recorded-run.js';
import { InputError } from '../../input-error.js';
import { prepare } from '../../judge/prepare.js';
import { recipeSchedule } from '../../judge/recipe-schedule.js';
import { hasDrawn, seedRandomNumbers } from '../../machine/random-numbers.js';
import { quantity } from '../../report/quantity.js';
import { isSameFile } from '../io/same-file.js';
import { writeReplayable } from '../run/write-schedule.js';
import type { Opened } from './open-walk.js';

/**
 * Writes the steps up to the position.
 * @param input what was opened, which is not written over
 * @returns what there is to say of it
 * @throws InputError
 */
export async function saveSchedule({ walk, recipe, seed }: Opened, file: string, input: string): Promise<string> {
  if (isSameFile(file, input)) throw new InputError(`will not write over ${file}: it is what was opened`);
  const { machine, monitors } = prepare(recipe).built;
  if (seed !== undefined) seedRandomNumbers(machine, seed);
  const past = walk.timeline.past();
  const record = recordRun(machine, monitors, past);
  const randomSeed = seed !== undefined && hasDrawn(machine, seed) ? seed : undefined;
  const schedule = recipeSchedule(record, recipe, 'xmc step', randomSeed);
  const { replay } = await writeReplayable(file, schedule);
  return `${quantity(past.length, 'step')} saved; ${replay}`;
}
