import { InputError } from '../../input-error.js';

/** A mistake in an ELF file, which has a name but no lines. */
export function elfError(file: string, message: string, hint?: string): InputError {
  return new InputError(message, { location: { file }, ...(hint === undefined ? {} : { hint }) });
}
