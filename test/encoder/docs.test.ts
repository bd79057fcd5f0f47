import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Syntax } from '../../src/encoder/syntax.js';
import { assembledHex } from './hex.js';

const page = readFileSync(new URL('../../docs/assembler.md', import.meta.url), 'utf8');

/** The lines of all code blocks of a kind. */
function linesOf(kind: string): string[] {
  const blocks = page.split('\n```').filter((block) => block.startsWith(`${kind}\n`));
  return blocks.flatMap((block) => block.split('\n').slice(1));
}

const examples = (['att', 'intel'] as const).flatMap((syntax) =>
  linesOf(syntax).map((line): [Syntax, string, string] => {
    const [, bytes = '', source = ''] = /^((?:[0-9a-f]{2} )+) +(.*)$/.exec(line) ?? [];
    return [syntax, source, bytes.replaceAll(' ', '')];
  }),
);

describe('the examples of docs/assembler.md', () => {
  it('are there', () => {
    expect(examples.length).toBeGreaterThan(15);
    expect(linesOf('att refused').length).toBeGreaterThan(3);
  });

  it.each(examples)('%s: %s is %s', (syntax, source, bytes) => {
    expect(bytes).not.toBe('');
    expect(assembledHex(source, 0xffffffff81000000n, new Map(), syntax)).toBe(bytes);
  });

  it.each(linesOf('att refused').map((line) => line.split(/ {2,}/)))('%s is refused', (source = '', message) => {
    expect(() => assembledHex(source, 0n, new Map(), 'att')).toThrow(message);
  });
});
