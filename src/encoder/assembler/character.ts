const named: Readonly<Record<string, number>> = { b: 8, t: 9, n: 10, f: 12, r: 13 };

/** The code of a character constant's contents: one character, or a backslash and one that it escapes. */
export function escapedCharacter(text: string): number {
  if (!text.startsWith('\\')) return text.charCodeAt(0) & 0xff;
  const name = text.charAt(1);
  if (/[0-7]/.test(name)) return Number.parseInt(name, 8);
  return named[name] ?? name.charCodeAt(0) & 0xff;
}

/**
 * The bytes of a string's contents (without the quotes), as UTF-8; `\n`, `\t`, `\x41`, `\101` and the like are
 * escapes.
 */
export function stringBytes(contents: string): Uint8Array {
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (const [part] of contents.matchAll(/\\x[0-9a-fA-F]+|\\[0-7]{1,3}|\\.|[^\\]+/gs)) {
    if (part.startsWith('\\x')) bytes.push(Number.parseInt(part.slice(2), 16) & 0xff);
    else if (/^\\[0-7]/.test(part)) bytes.push(Number.parseInt(part.slice(1), 8) & 0xff);
    else if (part.startsWith('\\')) bytes.push(escapedCharacter(part));
    else bytes.push(...encoder.encode(part));
  }
  return Uint8Array.from(bytes);
}
