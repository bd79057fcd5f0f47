import type { InputErrorDetails, SourceLocation } from '../input-error.js';

/** Where something stands in the user's file, ready to be handed to an `InputError`: `new InputError(message, origin)`. */
export interface Origin extends InputErrorDetails {
  readonly location: SourceLocation;
}

/**
 * A piece of text that a later stage parses (assembly, an expression), together with where it stands in the file, so
 * that its errors can be reported as `file:line:column` of the scenario.
 */
export interface SourceText {
  readonly text: string;
  /** Where the first character of `text` stands. */
  readonly origin: Origin;
  /**
   * How a position in `text` maps to the file: `block` = line by line, all lines indented alike (YAML's `|`);
   * `inline` = one line, verbatim; `opaque` = escaped or folded, so that only the start is known.
   */
  readonly layout: 'block' | 'inline' | 'opaque';
}

/** Longest source line or message that is shown, so that hostile input cannot flood a terminal. */
const LONGEST_SHOWN = 400;

/** Text from the user's file as it may be printed: not endless, and without terminal control characters. */
export function printable(text: string): string {
  const short = text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what must not be printed
  return short.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\u00b7');
}

/**
 * A source line as an excerpt, every character still in its column; `undefined` when the line is too long to show the
 * interesting column.
 */
export function excerptLine(line: string, column: number): string | undefined {
  return column > LONGEST_SHOWN ? undefined : printable(line);
}

/**
 * The place in the file of a position inside a {@link SourceText}.
 * @param line counts from 1 within `source.text`
 * @param column counts from 1 within that line
 */
export function locateInText(source: SourceText, line: number, column: number): Origin {
  const { location } = source.origin;
  const { line: firstLine, column: firstColumn } = location;
  if (source.layout === 'opaque' || firstLine === undefined || firstColumn === undefined) return source.origin;
  const place = { file: location.file, line: firstLine + line - 1, column: firstColumn + column - 1 };
  if (source.layout === 'inline') return { ...source.origin, location: place };
  const excerpt = excerptLine(' '.repeat(firstColumn - 1) + (source.text.split('\n')[line - 1] ?? ''), place.column);
  return { location: place, ...(excerpt === undefined ? {} : { excerpt }) };
}

/** Text that does not come from a scenario file (a flag, a TypeScript object); `file` names it in errors. */
export function plainText(text: string, file: string): SourceText {
  return { text, origin: { location: { file, line: 1, column: 1 } }, layout: 'block' };
}
