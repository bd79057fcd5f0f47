import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseSchedule } from '../../explore/schedule-file/parse.js';
import { SCHEDULE_LIMITS, type Schedule } from '../../explore/schedule-file.js';
import { InputError } from '../../input-error.js';
import type { Origin } from '../../judge/recipe-schedule.js';
import type { KeptSchedule, Shelf } from '../../regression/shelf.js';
import { scheduleBeside } from '../hunt/schedule-beside.js';
import { GZIP_PACKER } from '../io/file-packer.js';
import { readText } from '../io/read-input.js';
import { systemError } from '../io/system-error.js';
import { isTooLarge, requireReplaceable, scheduleName, writeSchedule } from '../run/write-schedule.js';

/** The folder beside scenarios and tests that schedules are kept in. */
const FOLDER = '__schedules__';

/** What the user can do about a file that is in the way. */
const MOVE = 'move it away';

/**
 * Files beside a scenario or a test: `__schedules__/stub.yaml.plain.schedule`, `__schedules__/stub.yaml.plain.2.schedule`, and so
 * on up to the first that is not there. The scenario file has its ending in them, so that the variant `fixed` of `stub.yaml` is
 * not `stub.fixed.yaml`.
 */
export class ScheduleShelf implements Shelf {
  private readonly first: string;

  /**
   * @param beside the scenario file, or the test
   * @param origin of the schedules that are kept here
   * @param name of the case without its variant; default: that of the file
   */
  constructor(
    beside: string,
    private readonly origin: Origin,
    name = basename(beside),
  ) {
    this.first = join(dirname(beside), FOLDER, scheduleName(name, origin.variant));
  }

  async read(): Promise<readonly KeptSchedule[]> {
    const kept: KeptSchedule[] = [];
    for (const file of this.files()) kept.push({ file, schedule: await readScheduleFile(file) });
    return kept;
  }

  async add(schedule: Schedule): Promise<string> {
    return this.write(scheduleBeside(this.first, this.files().length), schedule);
  }

  async replace(schedule: Schedule | undefined): Promise<string | undefined> {
    const others: string[] = [];
    const old: string[] = [];
    for (const file of this.files()) ((await this.isOfAnother(file)) ? others : old).push(file);
    if (schedule !== undefined && others.includes(this.first)) {
      throw new InputError(`will not overwrite ${this.first}: it is a schedule of another scenario`, { hint: MOVE });
    }
    // Written first: if that fails nothing is lost.
    const file = schedule && (await this.write(this.first, schedule));
    for (const each of old) {
      if (each === file) continue;
      requireReplaceable(each, MOVE);
      removeFile(each);
    }
    return file;
  }

  /** Whether a file is a schedule that is not ours; one that cannot be read any more is. */
  private async isOfAnother(file: string): Promise<boolean> {
    try {
      const { scenario, variant, source } = await readScheduleFile(file);
      const { origin } = this;
      return scenario !== origin.scenario || variant !== origin.variant || source.name !== origin.source;
    } catch (error) {
      if (error instanceof InputError) return false;
      throw error;
    }
  }

  /** Those that are there. */
  private files(): string[] {
    const files: string[] = [];
    for (let file = this.first; existsSync(file); file = scheduleBeside(this.first, files.length)) files.push(file);
    return files;
  }

  private async write(file: string, schedule: Schedule): Promise<string> {
    if (isTooLarge(schedule)) {
      throw new InputError('no schedule is written: a file of the scenario is too large', { location: { file } });
    }
    try {
      mkdirSync(dirname(file), { recursive: true });
    } catch (error) {
      throw systemError(`cannot write ${file}`, error);
    }
    await writeSchedule(file, schedule, MOVE);
    return file;
  }
}

function removeFile(file: string): void {
  try {
    rmSync(file);
  } catch (error) {
    throw systemError(`cannot remove ${file}`, error);
  }
}

/** @throws InputError when it is no schedule, or of another version. */
export async function readScheduleFile(file: string): Promise<Schedule> {
  return parseSchedule(await readText(file, SCHEDULE_LIMITS.characters), file, GZIP_PACKER);
}
