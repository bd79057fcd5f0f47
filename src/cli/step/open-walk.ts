import { basename } from 'node:path';
import type { RecordedStep } from '../../explore/recorded-run.js';
import { parseSchedule } from '../../explore/schedule-file/parse.js';
import { SCHEDULE_LIMITS } from '../../explore/schedule-file.js';
import { InputError } from '../../input-error.js';
import { type Backend, type Prepared, prepare, type Recipe } from '../../judge/prepare.js';
import { openEmbedded } from '../../judge/replay/prepare-embedded.js';
import { seedRandomNumbers } from '../../machine/random-numbers.js';
import { beginWalk, type Walk } from '../../tui/walk.js';
import { GZIP_PACKER } from '../io/file-packer.js';
import { readText } from '../io/read-input.js';
import { readScenario } from '../scenario/scenario-input.js';

/** The seed of RDRAND in a scenario, as in `xmc run`. */
const SEED = 1;

/** What was opened. */
export interface Opened {
  readonly walk: Walk;
  readonly recipe: Recipe;
  /** Of RDRAND and RDSEED; undefined: they always give the same number. */
  readonly seed: number | undefined;
}

/** Opens a recorded execution. */
export async function openSchedule(path: string, backend: Backend): Promise<Opened> {
  const schedule = parseSchedule(await readText(path, SCHEDULE_LIMITS.characters), path, GZIP_PACKER);
  const { recipe, prepared } = openEmbedded(schedule, path, backend);
  return opened(recipe, prepared, schedule.randomSeed, schedule.steps);
}

/** Opens a scenario, whose variant has to be named if there are several. */
export async function openScenario(path: string, variant: string | undefined, backend: Backend): Promise<Opened> {
  const { loaded, files, locate } = await readScenario(path);
  const { variants } = loaded;
  if (variant === undefined && variants.length > 1) {
    throw new InputError(`${loaded.name} has ${variants.length} variants, and one can be stepped through`, {
      location: { file: path },
      hint: `choose one with --variant: ${variants.join(', ')}`,
    });
  }
  const chosen = variant ?? variants[0];
  try {
    const recipe = { loaded, variant: chosen, files: files(chosen), backend, sourceName: basename(path) };
    return opened(recipe, prepare(recipe), SEED, []);
  } catch (error) {
    throw locate(error);
  }
}

function opened(
  recipe: Recipe,
  { built, subject }: Prepared,
  seed: number | undefined,
  recorded: readonly RecordedStep[],
): Opened {
  if (seed !== undefined) seedRandomNumbers(built.machine, seed);
  return { walk: beginWalk(built, subject, recorded), recipe, seed };
}
