import { InputError } from '../../input-error.js';
import type { Syntax } from '../syntax.js';

/** One line of assembly source and where it stands in the user's file. */
export interface SourceLine {
  readonly file: string;
  /** line in `file`, from 1 */
  readonly line: number;
  /** column in `file` of the line's first character, from 1 (a YAML block is indented) */
  readonly column: number;
  readonly text: string;
  /** how the instructions in it are written */
  readonly syntax: Syntax;
}

/** A place in a source line: `offset` counts characters from 0. */
export interface SourcePlace {
  readonly source: SourceLine;
  readonly offset: number;
}

/**
 * The error for a mistake at `place`, with the source line as excerpt, aligned so that a caret fits under the column.
 */
export function assemblyError(message: string, place: SourcePlace, hint?: string): InputError {
  const { source, offset } = place;
  return new InputError(message, {
    location: { file: source.file, line: source.line, column: source.column + offset },
    excerpt: ' '.repeat(source.column - 1) + source.text,
    ...(hint === undefined ? {} : { hint }),
  });
}
