/** Why a test failed. Where in xmc it was said helps nobody: there is no stack. */
export function failure(message: string): Error {
  const error = new Error(message);
  error.stack = `${error.name}: ${message}`;
  return error;
}
