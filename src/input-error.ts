/** Where in the user's input something is wrong. Lines and columns count from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** What an {@link InputError} may carry beside its message. */
export interface InputErrorDetails {
  readonly location?: SourceLocation;
  /** The offending source line, printed below the message with a caret under `location.column`. */
  readonly excerpt?: string;
  /** How to put it right, where that helps. */
  readonly hint?: string;
}

/**
 * A mistake in what the user gave us: a scenario, an ELF file, a schedule, a flag. The program prints it like a compiler
 * does and exits with 2. Anything else that is thrown is a bug of ours and exits with 4.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly location: SourceLocation | undefined;
  readonly excerpt: string | undefined;
  readonly hint: string | undefined;

  constructor(message: string, details: InputErrorDetails = {}) {
    super(message);
    this.location = details.location;
    this.excerpt = details.excerpt;
    this.hint = details.hint;
  }
}
