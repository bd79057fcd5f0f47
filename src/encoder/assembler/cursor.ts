import type { Syntax } from '../syntax.js';
import { assemblyError, type SourcePlace } from './source-line.js';
import type { SourceText } from './split-statements.js';

/** Far more terms than anyone writes in one expression; each takes room on the stack while it is read. */
const mostTerms = 500;

/** Reads a statement, or a part of one, from left to right. */
export class Cursor {
  readonly #text: SourceText;
  #position = 0;
  #terms = 0;

  constructor(text: SourceText) {
    this.#text = text;
  }

  /** Everything that is still unread. */
  get rest(): string {
    return this.#text.text.slice(this.#position);
  }

  /** How the instructions of this source are written. */
  get syntax(): Syntax {
    return this.#text.source.syntax;
  }

  /** Where the next unread character that is not blank stands. */
  get place(): SourcePlace {
    this.skipBlanks();
    return { source: this.#text.source, offset: this.#text.offset + this.#position };
  }

  get atEnd(): boolean {
    this.skipBlanks();
    return this.#position >= this.#text.text.length;
  }

  skipBlanks(): void {
    while (/\s/.test(this.#text.text.charAt(this.#position))) this.#position++;
  }

  /** What a sticky regular expression matches here, after blanks; nothing when it does not match. */
  peek(pattern: RegExp): RegExpExecArray | undefined {
    this.skipBlanks();
    pattern.lastIndex = this.#position;
    return pattern.exec(this.#text.text) ?? undefined;
  }

  /** Takes what {@link peek} sees. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    const match = this.peek(pattern);
    if (match !== undefined) this.#position += match[0].length;
    return match;
  }

  /** Takes `word` if it comes next, after blanks. */
  takeText(word: string): boolean {
    this.skipBlanks();
    const found = this.#text.text.startsWith(word, this.#position);
    if (found) this.#position += word.length;
    return found;
  }

  /** Whether `word` comes next, after blanks. */
  sees(word: string): boolean {
    this.skipBlanks();
    return this.#text.text.startsWith(word, this.#position);
  }

  /** Says that a term of an expression begins here. @throws InputError when there have been too many. */
  beginTerm(): void {
    if (++this.#terms > mostTerms) throw this.error(`this expression has more than ${mostTerms} terms`);
  }

  /** @throws InputError unless `word` comes next. */
  expect(word: string, what: string): void {
    if (!this.takeText(word)) throw this.error(`expected '${word}' ${what}`);
  }

  /** @throws InputError unless everything has been read. */
  expectEnd(): void {
    if (!this.atEnd) throw this.error(`unexpected '${this.rest.trim()}'`);
  }

  error(message: string, hint?: string): Error {
    return assemblyError(message, this.place, hint);
  }
}

/** Cuts a text at the commas that stand outside parentheses, brackets, braces, strings and character constants. */
export function splitAtCommas(text: SourceText): SourceText[] {
  if (text.text === '') return [];
  const parts: SourceText[] = [];
  let start = 0;
  let depth = 0;
  const finish = (end: number) => {
    const piece = text.text.slice(start, end);
    const trimmed = piece.trimStart();
    parts.push({
      source: text.source,
      offset: text.offset + start + piece.length - trimmed.length,
      text: trimmed.trimEnd(),
    });
    start = end + 1;
  };
  for (const match of text.text.matchAll(/"(?:\\.|[^"\\])*"|'(?:\\.|[^\\])'?|[()[\]{},]/g)) {
    if ('([{'.includes(match[0])) depth++;
    else if (')]}'.includes(match[0])) depth--;
    else if (match[0] === ',' && depth === 0) finish(match.index);
  }
  finish(text.text.length);
  return parts;
}
