import type { Syntax } from '../syntax.js';
import { assemblyError, type SourceLine, type SourcePlace } from './source-line.js';

/** A piece of a source line between line ends and `;`, with comments blanked out. */
export interface SourceText extends SourcePlace {
  /** the text from `offset` on, comments replaced by spaces, no blanks at either end */
  readonly text: string;
}

interface BlockPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly syntax: Syntax;
}

/**
 * Cuts assembly source into statements: one per line, several when separated by `;`. Comments run from `#` or `//` to
 * the end of the line, or as in C between slash-star and star-slash, also across lines. Neither counts inside a
 * string or a character constant. Every line is taken to begin in the column of the first, as in a YAML block.
 *
 * @throws InputError on a string or a comment that does not end.
 */
export function splitStatements(source: string, place: BlockPlace): SourceText[] {
  const { file, column, syntax } = place;
  const statements: SourceText[] = [];
  let openComment: SourcePlace | undefined;
  for (const [index, text] of source.split('\n').entries()) {
    const line: SourceLine = { file, line: place.line + index, column, text, syntax };
    openComment = splitLine(line, openComment, statements);
  }
  if (openComment !== undefined) throw assemblyError('this comment does not end', openComment, 'close it with */');
  return statements;
}

/** Adds the statements of one line; returns where a comment that is still open at its end began. */
function splitLine(line: SourceLine, open: SourcePlace | undefined, into: SourceText[]): SourcePlace | undefined {
  const { text } = line;
  let comment = open;
  let clean = '';
  let start = 0;
  const finish = () => {
    const trimmed = clean.trimStart();
    const offset = start + clean.length - trimmed.length;
    const body = trimmed.trimEnd();
    if (body !== '') into.push({ source: line, offset, text: body });
  };
  for (let i = 0; i < text.length; ) {
    if (comment !== undefined) {
      const end = text.indexOf('*/', i);
      const stop = end < 0 ? text.length : end + 2;
      clean += ' '.repeat(stop - i);
      i = stop;
      if (end >= 0) comment = undefined;
    } else if (text.startsWith('/*', i)) {
      comment = { source: line, offset: i };
      clean += '  ';
      i += 2;
    } else if (text[i] === '#' || text.startsWith('//', i)) {
      break;
    } else if (text[i] === ';') {
      finish();
      clean = '';
      start = ++i;
    } else {
      const stop = endOfUnit(line, i);
      clean += text.slice(i, stop);
      i = stop;
    }
  }
  finish();
  return comment;
}

/** One character, or a whole string or character constant, whose contents are not looked at. */
function endOfUnit(line: SourceLine, start: number): number {
  const { text } = line;
  if (text[start] === "'") {
    const end = start + (text[start + 1] === '\\' ? 3 : 2);
    return Math.min(text.length, text[end] === "'" ? end + 1 : end);
  }
  if (text[start] !== '"') return start + 1;
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i + 1;
  }
  throw assemblyError('this string does not end', { source: line, offset: start }, 'close it with "');
}
