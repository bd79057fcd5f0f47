import { describe, expect, it } from 'vitest';
import { splitLines } from '../../src/cli/io/read-lines.js';

async function* parts(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function linesOf(limit: number, ...texts: string[]): Promise<(string | undefined)[]> {
  const lines: (string | undefined)[] = [];
  for await (const { number, bytes } of splitLines(parts(...texts), limit)) {
    expect(number).toBe(lines.length + 1);
    lines.push(bytes === undefined ? undefined : Buffer.from(bytes).toString());
  }
  return lines;
}

describe('lines', () => {
  it('end at LF, the last one at the end too', async () => {
    expect(await linesOf(99, 'a\nbc\n\nd')).toEqual(['a', 'bc', '', 'd']);
    expect(await linesOf(99, 'a\n')).toEqual(['a']);
    expect(await linesOf(99, '')).toEqual([]);
  });

  it('are whole wherever the input was cut', async () => {
    const text = 'one\ntwo\n\nthree';
    for (let first = 0; first <= text.length; first++) {
      for (let second = first; second <= text.length; second++) {
        const cut = [text.slice(0, first), text.slice(first, second), text.slice(second)];
        expect(await linesOf(99, ...cut)).toEqual(['one', 'two', '', 'three']);
      }
    }
  });

  it('are dropped, and counted, when they are too long', async () => {
    expect(await linesOf(3, 'abc\nab', 'cd', 'ef\nabc\nabcd')).toEqual(['abc', undefined, 'abc', undefined]);
  });
});
