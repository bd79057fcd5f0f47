import { closeSync, openSync, readSync } from 'node:fs';
import { looksLikeSchedule } from '../../explore/schedule-file/parse.js';

/**
 * Whether a file is a schedule, of any version: its first line says so.
 * @throws the system's error when it cannot be read
 */
export function isSchedule(path: string): boolean {
  const start = Buffer.alloc(32);
  const descriptor = openSync(path, 'r');
  try {
    return looksLikeSchedule(start.toString('latin1', 0, readSync(descriptor, start)));
  } finally {
    closeSync(descriptor);
  }
}
