import { realpathSync } from 'node:fs';
import { fileStatus } from './file-status.js';

/** Whether two paths lead to one file, which is there; devices and pipes are none. */
export function isSameFile(one: string, other: string): boolean {
  const isThere = (path: string): boolean => fileStatus(path, 'read')?.isFile() === true;
  return isThere(one) && isThere(other) && realpathSync(one) === realpathSync(other);
}
