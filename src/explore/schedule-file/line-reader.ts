import { InputError } from '../../input-error.js';

/** Longest line that an error shows. */
const LONGEST_EXCERPT = 160;

/** Goes through the lines of a file and knows where it is, for errors. */
export class LineReader {
  private at = 0;
  private line = 0;
  private current = '';

  constructor(
    private readonly text: string,
    private readonly file: string,
  ) {}

  /** The number of the line that was read last, from 1. */
  get number(): number {
    return this.line;
  }

  get atEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** The next line, without looking at what it says. A last line without a newline is cut off. */
  raw(what: string): string {
    const newline = this.text.indexOf('\n', this.at);
    if (newline < 0) {
      this.line++;
      this.current = this.text.slice(this.at, this.at + LONGEST_EXCERPT);
      throw this.error(`the file ends where ${what} should be: it is cut off`);
    }
    this.current = this.text.slice(this.at, newline);
    this.at = newline + 1;
    this.line++;
    return this.current;
  }

  /** The next `count` lines as one text, newlines included. */
  block(count: number, what: string): string {
    const start = this.at;
    for (let i = 0; i < count; i++) this.raw(what);
    return this.text.slice(start, this.at);
  }

  /** The next line, which must have a form; `what` says which, as in "the scenario's name". */
  match(form: RegExp, what: string): RegExpExecArray {
    const line = this.raw(what);
    const match = form.exec(line);
    if (match === null) throw this.error(`expected ${what}`);
    return match;
  }

  /** The next line if it has the form; else nothing is read. */
  optional(form: RegExp): RegExpExecArray | undefined {
    const newline = this.text.indexOf('\n', this.at);
    const match = newline < 0 ? null : form.exec(this.text.slice(this.at, newline));
    if (match === null) return undefined;
    this.raw('');
    return match;
  }

  /** A mistake in the line that was read last, or in another one. */
  error(message: string, details: { readonly line?: number; readonly hint?: string } = {}): InputError {
    const { line = this.line, hint } = details;
    return new InputError(message, {
      location: { file: this.file, line },
      ...(line === this.line ? { excerpt: this.current.slice(0, LONGEST_EXCERPT) } : {}),
      ...(hint === undefined ? {} : { hint }),
    });
  }
}
