import { InputError } from '../../input-error.js';

/** What may stand around and between bytes in hex. */
const PIECE = /(?:0x|\\x)?(?:[0-9a-fA-F]{2})+(?=[\s,;<>()]|\\x|$)|[\s,;<>()]+/y;

/**
 * Bytes written in hex: `e8 3f 3f ff 00`, `e83f3fff00`, `0xe8, 0x3f`, `\xe8\x3f`, a `Code:` line of an oops with its
 * `<0f>`. Lines may end with a comment behind `#`.
 * @throws InputError at the first thing that is no byte.
 */
export function parseHexText(text: string, file: string): Uint8Array {
  const bytes: number[] = [];
  text.split('\n').forEach((line, index) => {
    const code = line
      .replace(/#.*/, (comment) => ' '.repeat(comment.length))
      .replace(/^\s*Code:/, (word) => ' '.repeat(word.length));
    for (let at = 0; at < code.length; at = PIECE.lastIndex) {
      PIECE.lastIndex = at;
      const piece = PIECE.exec(code)?.[0];
      if (piece === undefined) {
        throw new InputError('not a byte in hex', {
          location: { file, line: index + 1, column: at + 1 },
          excerpt: line,
          hint: 'bytes have two hex digits each: e8 3f 3f ff 00',
        });
      }
      const digits = piece.replace(/^(0x|\\x)/, '');
      if (!/^[0-9a-fA-F]/.test(digits)) continue;
      for (let i = 0; i < digits.length; i += 2) bytes.push(Number.parseInt(digits.slice(i, i + 2), 16));
    }
  });
  return Uint8Array.from(bytes);
}

/** Whether a file's content is text, hence hex, rather than machine code: it has printable ASCII characters only. */
export function looksLikeText(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 4096).every((byte) => (byte >= 0x20 && byte < 0x7f) || (byte >= 9 && byte <= 13));
}
