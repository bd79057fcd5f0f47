import { type Stats, statSync } from 'node:fs';
import { systemError } from './system-error.js';

/**
 * What is at a path; undefined: nothing.
 * @throws InputError when nobody can say, as for a path in a folder that is closed to us.
 */
export function fileStatus(path: string, done: 'read' | 'write'): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw systemError(`cannot ${done} ${path}`, error);
  }
}
