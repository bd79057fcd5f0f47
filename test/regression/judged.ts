import { choiceOf } from '../../src/api/check.js';
import { onlookerOf, recipeOf } from '../../src/api/options.js';
import type { Schedule } from '../../src/explore/schedule-file.js';
import { InputError } from '../../src/input-error.js';
import { expectedOfCase, judgeCase } from '../../src/regression/judge-case.js';
import type { Shelf } from '../../src/regression/shelf.js';
import type { CaseReport } from '../../src/report/case-report.js';
import type { LoadedScenario } from '../../src/scenario/load.js';
import { swapBy } from './swap-scenario.js';

/** A shelf in memory. */
export class MemoryShelf implements Shelf {
  schedules: Schedule[] = [];
  /** Whether nothing can be written. */
  full = false;

  async read(): Promise<{ file: string; schedule: Schedule }[]> {
    return this.schedules.map((schedule, index) => ({ file: `kept-${index}`, schedule }));
  }

  async add(schedule: Schedule): Promise<string> {
    if (this.full) throw new InputError('cannot write kept: no space left on the device');
    return `kept-${this.schedules.push(schedule) - 1}`;
  }

  async replace(schedule: Schedule | undefined): Promise<string | undefined> {
    this.schedules = [];
    return schedule && this.add(schedule);
  }
}

/** Judges a scenario as written. */
export function judged(
  loaded: LoadedScenario,
  shelf: Shelf | undefined,
  { update = false, maxStates = 100_000 } = {},
): Promise<CaseReport> {
  const recipe = recipeOf(loaded, {});
  return judgeCase(
    { recipe, expected: expectedOfCase(recipe), shelf },
    {
      choice: choiceOf({ maxStates }),
      onlooker: onlookerOf({}),
      progress: { update: () => {}, clear: () => {} },
      update,
      replayCommand: (file) => `xmc replay ${file}`,
    },
  );
}

/** The schedule of the race that {@link swapBy} has by memcpy. */
export async function raceSchedule(): Promise<Schedule> {
  const shelf = new MemoryShelf();
  await judged(swapBy('memcpy'), shelf);
  const [found] = shelf.schedules;
  if (found === undefined) throw new Error('there is no race');
  return found;
}
