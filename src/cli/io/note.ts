/** Says something on standard error that is no result. */
export function note(text: string): void {
  process.stderr.write(`xmc: note: ${text}\n`);
}
