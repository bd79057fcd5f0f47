import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { InputError } from '../../input-error.js';
import { systemReason } from './system-error.js';

/** The name of standard input on the command line, and in messages. */
export const STDIN = '-';
export const STDIN_NAME = '<stdin>';

const CHUNK = 1 << 16;

/** A file's name as messages say it. */
export function displayName(path: string): string {
  return path === STDIN ? STDIN_NAME : path;
}

/**
 * Reads a whole file, or standard input for `-`.
 * @param limit the most bytes it may have
 * @throws InputError when it cannot be read or is longer.
 */
export async function readBytes(path: string, limit: number): Promise<Uint8Array> {
  return path === STDIN ? readStdin(limit) : readFileBytes(path, limit);
}

/** The same as text, which must be UTF-8. */
export async function readText(path: string, limit: number): Promise<string> {
  return decodeText(await readBytes(path, limit), displayName(path));
}

/** UTF-8 bytes as text. */
export function decodeText(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError('not a text file (UTF-8)', { location: { file } });
  }
}

/** @throws InputError */
export function readFileBytes(path: string, limit: number): Uint8Array {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    if (fstatSync(descriptor).isDirectory()) throw new InputError('it is a directory', { location: { file: path } });
    const parts: Buffer[] = [];
    for (let total = 0; ; ) {
      const part = Buffer.allocUnsafe(CHUNK);
      const length = readSync(descriptor, part);
      if (length === 0) return Buffer.concat(parts);
      total += length;
      if (total > limit) throw tooLong(path, limit);
      parts.push(part.subarray(0, length));
    }
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** An error of the operating system about a file that was to be read, as the user's error; others pass unchanged. */
export function unreadable(path: string, error: unknown): unknown {
  const reason = systemReason(error);
  return reason === undefined ? error : new InputError(`cannot be read: ${reason}`, { location: { file: path } });
}

async function readStdin(limit: number): Promise<Uint8Array> {
  if (process.stdin.isTTY) process.stderr.write('reading from the terminal; Ctrl-D ends the input\n');
  const parts: Buffer[] = [];
  let total = 0;
  for await (const part of process.stdin) {
    if (!Buffer.isBuffer(part)) throw new Error('standard input is decoded already');
    total += part.length;
    if (total > limit) throw tooLong(STDIN, limit);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function tooLong(path: string, limit: number): InputError {
  return new InputError(`longer than ${limit} bytes`, { location: { file: displayName(path) } });
}
