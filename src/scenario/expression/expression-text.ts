import { InputError } from '../../input-error.js';
import { locateInText, printable, type SourceText } from '../source-text.js';
import type { Extent } from './syntax-tree.js';

/** Most characters that an error repeats. */
const LONGEST_QUOTED = 40;

/** The text of an expression, which knows where in the file each of its characters stands. */
export class ExpressionText {
  constructor(private readonly source: SourceText) {}

  get text(): string {
    return this.source.text;
  }

  /** The characters of a part. */
  slice({ at, end }: Extent): string {
    return this.text.slice(at, end);
  }

  /** An error at an offset. */
  error(message: string, offset: number, hint?: string): InputError {
    const before = this.text.slice(0, offset).split('\n');
    const origin = locateInText(this.source, before.length, (before.at(-1)?.length ?? 0) + 1);
    return new InputError(message, { ...origin, ...(hint === undefined ? {} : { hint }) });
  }
}

/** A piece of the expression as errors show it. */
export function quoted(text: string): string {
  return `'${printable(text.length > LONGEST_QUOTED ? `${text.slice(0, LONGEST_QUOTED)}...` : text)}'`;
}
