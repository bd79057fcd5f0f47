import { InputError } from '../../src/input-error.js';

/** The InputError that `action` throws, as a compiler would print it; other errors pass through. */
export function errorOf(action: () => unknown): InputError {
  try {
    action();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** `file:line:column: message`. */
export function errorLine(error: InputError): string {
  const { file, line, column } = error.location ?? { file: '?' };
  return `${[file, line, column].filter((part) => part !== undefined).join(':')}: ${error.message}`;
}
