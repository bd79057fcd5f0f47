import type { Schedule } from '../explore/schedule-file.js';

/** A schedule that was kept of a case. */
export interface KeptSchedule {
  readonly file: string;
  readonly schedule: Schedule;
}

/** Where the schedules of one case are kept. */
export interface Shelf {
  /**
   * Those that are there, the first one first.
   * @throws InputError when one of them is no schedule, or of another version.
   */
  read(): Promise<readonly KeptSchedule[]>;
  /**
   * Keeps one more. Returns its file.
   * @throws InputError when it cannot be written; then nothing of it is there.
   */
  add(schedule: Schedule): Promise<string>;
  /** Keeps this one alone, or none. Returns its file. */
  replace(schedule: Schedule | undefined): Promise<string | undefined>;
}
