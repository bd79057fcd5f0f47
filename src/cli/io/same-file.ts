import { realpathSync, statSync } from 'node:fs';

/** Whether two paths lead to one file, which is there; devices and pipes are none. */
export function isSameFile(one: string, other: string): boolean {
  const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  return isThere(one) && isThere(other) && realpathSync(one) === realpathSync(other);
}
