import { statSync } from 'node:fs';
import { FileOutput } from './output.js';

/**
 * Makes sure that a file can be written, before there is anything to write.
 * @throws InputError
 */
export function requireWritable(path: string): void {
  const existing = statSync(path, { throwIfNoEntry: false });
  // A pipe would wait for its reader.
  if (existing !== undefined && !existing.isFile() && !existing.isDirectory()) return;
  new FileOutput(path).discard();
}
