import { readFileSync } from 'node:fs';

/** A line of assembly with the bytes that GNU as made of it. */
export interface RecordedEncoding {
  /** in hex; `?` when not recorded yet */
  readonly bytes: string;
  readonly source: string;
}

/** The file of recorded encodings; its first lines say how they were recorded. */
export const recordedFile = new URL('recorded-encodings.txt', import.meta.url);

/** A line of the file; nothing when it is a comment or empty. */
export function parseRecorded(line: string): RecordedEncoding | undefined {
  const match = /^([0-9a-f]+|\?) {2}(.*)$/.exec(line);
  return match === null ? undefined : { bytes: match[1] ?? '', source: match[2] ?? '' };
}

/** All recorded encodings. */
export function recordedEncodings(): RecordedEncoding[] {
  return readFileSync(recordedFile, 'utf8')
    .split('\n')
    .flatMap((line) => parseRecorded(line) ?? []);
}
