import { createReadStream } from 'node:fs';
import { addAbortSignal, pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InputError } from '../../input-error.js';
import { displayName, STDIN } from './read-input.js';
import { systemReason } from './system-error.js';

/** A line of a file, without its end. */
export interface Line {
  /** Counts from 1. */
  readonly number: number;
  /** Undefined when the line is longer than allowed; its text is gone. */
  readonly bytes: Uint8Array | undefined;
}

const GZIP_MAGIC = [0x1f, 0x8b] as const;
const LF = 0x0a;

/**
 * The lines of a file, or of standard input for `-`, one after the other, so that no more than a part of it is in memory.
 * What begins as gzip does is unpacked, whatever its name.
 * @param limit the most bytes of a line
 * @param signal ends the lines early
 * @throws InputError when it cannot be read or unpacked.
 */
export async function* readLines(path: string, limit: number, signal: AbortSignal): AsyncGenerator<Line> {
  try {
    yield* splitLines(await unpacked(path, signal), limit);
  } catch (error) {
    if (signal.aborted) return;
    const reason = readFailure(error);
    throw reason === undefined ? error : new InputError(reason, { location: { file: displayName(path) } });
  }
}

function readFailure(error: unknown): string | undefined {
  if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
    return `damaged gzip data: ${error.message}`;
  }
  const reason = systemReason(error);
  return reason === undefined ? undefined : `cannot be read: ${reason}`;
}

/** The file's content: whether it is packed is seen from its first two bytes. */
async function unpacked(path: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  const source = addAbortSignal(signal, path === STDIN ? process.stdin : createReadStream(path));
  if (path === STDIN && process.stdin.isTTY) process.stderr.write('reading from the terminal; Ctrl-D ends the input\n');
  const parts = source[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < GZIP_MAGIC.length) {
    const { done, value } = await parts.next();
    if (done) break;
    first.push(value);
    length += value.length;
  }
  const rest = async function* (): AsyncGenerator<Uint8Array> {
    yield* first;
    for (let next = await parts.next(); !next.done; next = await parts.next()) yield next.value;
  };
  const start = Buffer.concat(first);
  if (!GZIP_MAGIC.every((byte, i) => start[i] === byte)) return rest();
  // An error on the way comes out of the iteration.
  return pipeline(Readable.from(rest(), { objectMode: false }), createGunzip(), () => {});
}

/** Splits at LF. */
export async function* splitLines(parts: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Line> {
  let begun: Uint8Array[] = [];
  let length = 0;
  let number = 0;
  const line = (): Line => {
    number++;
    const whole = length > limit ? undefined : begun.length === 1 ? begun[0] : Buffer.concat(begun);
    begun = [];
    length = 0;
    return { number, bytes: whole };
  };
  const append = (part: Uint8Array): void => {
    length += part.length;
    if (length <= limit) begun.push(part);
    else begun = [];
  };
  for await (const part of parts) {
    let start = 0;
    for (let end = part.indexOf(LF); end >= 0; end = part.indexOf(LF, start)) {
      append(part.subarray(start, end));
      yield line();
      start = end + 1;
    }
    if (start < part.length) append(part.subarray(start));
  }
  if (length > 0) yield line();
}
