/** What is said of a bug of this program; `where` begins with a space. */
export function internalErrorText(error: unknown, where = ''): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return (
    `xmc: internal error${where}: this is a bug in xmc, not in your input.\n${stack}\n` +
    'Please report it with the lines above, the command, and the scenario or schedule file.\n'
  );
}
