import { formatSchedule } from '../../explore/schedule-file/format.js';
import { SCHEDULE_LIMITS, type Schedule } from '../../explore/schedule-file.js';
import { InputError } from '../../input-error.js';
import { GZIP_PACKER } from '../io/file-packer.js';
import { fileStatus } from '../io/file-status.js';
import { isSchedule } from '../io/is-schedule.js';
import { FileOutput } from '../io/output.js';
import { programName, shellWord } from '../io/shell-word.js';
import { systemError } from '../io/system-error.js';

/** The name of a schedule where the user gives none. */
export function scheduleName(scenario: string, variant: string | undefined): string {
  return `${scenario}${variant === undefined ? '' : `.${variant}`}.schedule`;
}

/** What the user can do where the file was named with a flag. */
const OTHER_FILE = 'move it away, or name another file with --schedule FILE';

/**
 * Makes sure that a schedule may be written to a file: nothing but an older schedule is ever replaced.
 * @throws InputError
 */
export function requireReplaceable(path: string, hint = OTHER_FILE): void {
  const existing = fileStatus(path, 'write');
  if (existing === undefined || !existing.isFile()) return;
  try {
    if (isSchedule(path)) return;
  } catch (error) {
    throw systemError(`cannot write ${path}`, error);
  }
  throw new InputError(`will not overwrite ${path}: it is no xmc schedule`, { hint });
}

/** Writes a schedule file, whole or not at all. */
export async function writeSchedule(path: string, schedule: Schedule, hint = OTHER_FILE): Promise<void> {
  requireReplaceable(path, hint);
  const output = new FileOutput(path);
  try {
    for (const piece of formatSchedule(schedule, GZIP_PACKER)) output.write(piece);
    await output.finish();
  } catch (error) {
    output.discard();
    throw error;
  }
}

/** A schedule file, and the command that replays it. */
export interface Replayable {
  readonly file: string;
  readonly replay: string;
}

/** @param program how this program was called */
export function replayable(file: string, program: string): Replayable {
  return { file, replay: `${program} replay ${shellWord(file)}` };
}

/** Writes a schedule file, whole or not at all; tells the command that replays it. */
export async function writeReplayable(file: string, schedule: Schedule): Promise<Replayable> {
  await writeSchedule(file, schedule);
  return replayable(file, programName());
}

/** Whether a file of the scenario is larger than a schedule file may hold. */
export function isTooLarge({ files }: Schedule): boolean {
  return [...files.values()].some(({ length }) => length > SCHEDULE_LIMITS.fileBytes);
}
