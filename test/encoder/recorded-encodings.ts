import { readFileSync } from 'node:fs';
import type { Syntax } from '../../src/encoder/syntax.js';

/** A line of assembly with the bytes that GNU as made of it. */
export interface RecordedEncoding {
  /** in hex; `?` when not recorded yet */
  readonly bytes: string;
  readonly source: string;
}

/** The files of recorded encodings; their first lines say how they were recorded. */
export const recordedFiles: Readonly<Record<Syntax, URL>> = {
  att: new URL('recorded-encodings.txt', import.meta.url),
  intel: new URL('recorded-intel-encodings.txt', import.meta.url),
};

/** A line of a file; nothing when it is a comment or empty. */
export function parseRecorded(line: string): RecordedEncoding | undefined {
  const match = /^([0-9a-f]+|\?) {2}(.*)$/.exec(line);
  return match === null ? undefined : { bytes: match[1] ?? '', source: match[2] ?? '' };
}

/** All recorded encodings in a syntax. */
export function recordedEncodings(syntax: Syntax): RecordedEncoding[] {
  return readFileSync(recordedFiles[syntax], 'utf8')
    .split('\n')
    .flatMap((line) => parseRecorded(line) ?? []);
}
