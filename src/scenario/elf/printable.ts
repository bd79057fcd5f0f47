/** A name from the file as a message may show it: short and without control characters. */
export function printable(name: string): string {
  const shown = name.replace(/[^ -~]/gu, '?');
  return shown.length > 60 ? `${shown.slice(0, 60)}...` : shown;
}
