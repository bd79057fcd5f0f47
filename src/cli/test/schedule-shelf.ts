import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseSchedule } from '../../explore/schedule-file/parse.js';
import { SCHEDULE_LIMITS, type Schedule } from '../../explore/schedule-file.js';
import { InputError } from '../../input-error.js';
import type { KeptSchedule, Shelf } from '../../regression/shelf.js';
import { scheduleBeside } from '../hunt/schedule-beside.js';
import { GZIP_PACKER } from '../io/file-packer.js';
import { readText } from '../io/read-input.js';
import { systemError } from '../io/system-error.js';
import { isTooLarge, requireReplaceable, scheduleName, writeSchedule } from '../run/write-schedule.js';

/** The folder beside scenarios and tests that schedules are kept in. */
const FOLDER = '__schedules__';

/**
 * Files beside a scenario or a test: `__schedules__/stub.plain.schedule`, `__schedules__/stub.plain.2.schedule`, and so on up
 * to the first that is not there.
 */
export class ScheduleShelf implements Shelf {
  private readonly first: string;

  /** @param beside the scenario file, or the test; @param name of the cases in it; default: the file's own */
  constructor(beside: string, variant: string | undefined, name = basename(beside).replace(/\.ya?ml$/, '')) {
    this.first = join(dirname(beside), FOLDER, scheduleName(name, variant));
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
    const old = this.files();
    // Written first: if that fails nothing is lost.
    const file = schedule && (await this.write(this.first, schedule));
    for (const each of old) {
      if (each === file) continue;
      requireReplaceable(each);
      removeFile(each);
    }
    return file;
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
    await writeSchedule(file, schedule);
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
