import { closeSync, openSync, readSync } from 'node:fs';
import { looksLikeSchedule } from '../../explore/schedule-file/parse.js';
import { InputError } from '../../input-error.js';
import { systemReason } from '../io/system-error.js';

/** Whether a file is a schedule, of any version: its first line says so. */
export function isSchedule(path: string): boolean {
  const start = Buffer.alloc(32);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    return looksLikeSchedule(start.toString('latin1', 0, readSync(descriptor, start)));
  } catch (error) {
    const reason = systemReason(error);
    throw reason === undefined ? error : new InputError(`cannot be read: ${reason}`, { location: { file: path } });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
