import { describe, expect, it } from 'vitest';
import { limits } from '../../src/scenario/limits.js';
import { loadScenario } from '../../src/scenario/load.js';
import { followPath, plainValue, type SourcePath } from '../../src/scenario/source-node.js';
import { locateInText, plainText, type SourceText } from '../../src/scenario/source-text.js';
import { parseYaml } from '../../src/scenario/yaml-source.js';
import { fullScenario, smallScenario } from './full-scenario.js';
import { errorLine, errorOf } from './input-error.js';

function textAt(yaml: string, ...path: SourcePath): SourceText {
  const source = parseYaml(yaml, 't.yaml');
  const { value } = followPath(source.root, path);
  if (value.kind !== 'scalar') throw new Error('not a scalar');
  return source.scalarText(value);
}

/** Line and column in the file of a position in the text. */
function place(text: SourceText, line: number, column: number): readonly (number | undefined)[] {
  const { location } = locateInText(text, line, column);
  return [location.line, location.column];
}

describe('YAML 1.2', () => {
  it('has exact integers, and yes, no, on and off are words', () => {
    const yaml = '[0xffffffff8100c0bc, 010, 0o10, -1, 1.5, true, ~, yes, off, "1"]';
    expect(plainValue(parseYaml(yaml, 't.yaml').root)).toEqual([
      0xffffffff8100c0bcn,
      10n,
      8n,
      -1n,
      1.5,
      true,
      null,
      'yes',
      'off',
      '1',
    ]);
  });

  it('has keys that are words, also when they look like numbers', () => {
    expect(plainValue(parseYaml('{1: a, 0x1: b, true: c, "x y": d}', 't.yaml').root)).toEqual({
      '1': 'a',
      '0x1': 'b',
      true: 'c',
      'x y': 'd',
    });
  });

  it('resolves an alias to the latest anchor before it', () => {
    const yaml = 'a: &x {y: &z 1}\nb: &z 2\nc: *x\nd: *z\n';
    expect(plainValue(parseYaml(yaml, 't.yaml').root)).toEqual({ a: { y: 1n }, b: 2n, c: { y: 1n }, d: 2n });
  });
});

describe('The place of text', () => {
  it('is exact, line by line, in a literal block', () => {
    const text = textAt('a:\n  b: |   # note\n    one\n      two\n\n    three\n', 'a', 'b');
    expect(text).toMatchObject({ text: 'one\n  two\n\nthree\n', layout: 'block' });
    expect([place(text, 1, 1), place(text, 2, 3), place(text, 4, 5)]).toEqual([
      [3, 5],
      [4, 7],
      [6, 9],
    ]);
    expect(locateInText(text, 2, 3).excerpt).toBe('      two');
  });

  it('is exact when a literal block begins with empty lines or states its indentation', () => {
    const empty = textAt('a: |\n\n\n  one\n', 'a');
    expect([empty.text, place(empty, 3, 2)]).toEqual(['\n\none\n', [4, 4]]);
    const stated = textAt('a: |1-\n   one\n two\n', 'a');
    expect([stated.text, place(stated, 1, 3), place(stated, 2, 1)]).toEqual(['  one\ntwo', [2, 4], [3, 2]]);
    const crlf = textAt('a: |\r\n\r\n  one\r\n  two\r\n', 'a');
    expect([crlf.text, place(crlf, 3, 1), crlf.layout]).toEqual(['\none\ntwo\n', [4, 3], 'block']);
  });

  it('is exact in a plain or quoted scalar of one line', () => {
    expect(place(textAt('a: jmp foo', 'a'), 1, 5)).toEqual([1, 8]);
    expect(place(textAt('a: "jmp foo"', 'a'), 1, 5)).toEqual([1, 9]);
    expect(place(textAt("a: &x !!str 'jmp foo'", 'a'), 1, 1)).toEqual([1, 14]);
    expect(place(textAt('a: 0x10', 'a'), 1, 3)).toEqual([1, 6]);
  });

  it.each([
    ['escaped', 'a: "one\\ntwo"'],
    ['folded', 'a: >\n  one\n  two\n'],
    ['spread over lines', 'a: one\n  two\n'],
    ["quoted with ''", "a: 'it''s'"],
  ])('is the start of a scalar that is %s', (_, yaml) => {
    const text = textAt(yaml, 'a');
    expect([text.layout, place(text, 2, 2)]).toEqual(['opaque', [1, 4]]);
  });

  it('is its own line and column in text from elsewhere', () => {
    expect(locateInText(plainText('one\n two', '--expr'), 2, 2)).toEqual({
      location: { file: '--expr', line: 2, column: 2 },
      excerpt: ' two',
    });
  });
});

describe('A hostile file', () => {
  const many = (count: number, line: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => line(index)).join('');
  const depth = `nested deeper than ${limits.depth} levels`;
  const tokens = `more than ${limits.tokens} YAML tokens`;
  const million = 1 << 20;

  it.each([
    ['of open lists', '['.repeat(million), depth],
    ['of open maps', '{'.repeat(million), depth],
    ['of nested block lists', '- '.repeat(million / 2), depth],
    ['of nested keys', 'a: ['.repeat(million / 4), depth],
    ['of ever deeper blocks', many(1400, (index) => `${' '.repeat(index)}a:\n`), depth],
    ['of keys', many(90_000, (index) => `k${index}: 1\n`), tokens],
    ['of commas', `[${','.repeat(million - 2)}`, tokens],
    ['of comments', '#\n'.repeat(million / 2), tokens],
    ['of closed brackets', ']'.repeat(million), tokens],
    ['of escapes', `"${'\\x'.repeat(million / 2)}`, 'the file is larger than 1 MiB'],
    ['of wide characters', '\u20ac'.repeat(million / 2), 'the file is larger than 1 MiB'],
    [
      'of aliases to aliases',
      `a: &a [x, x, x]\n${many(30, (index) => `b${index}: &b${index} [${`*${index ? `b${index - 1}` : 'a'}, `.repeat(9)}]\n`)}`,
      `more than ${limits.aliases} YAML aliases`,
    ],
    [
      'of a large list, repeated',
      `a: &a [${'x,'.repeat(20_000)}]\n${many(9, (index) => `b${index}: *a\n`)}`,
      `more than ${limits.nodes} YAML nodes`,
    ],
    [
      'of variants',
      `${smallScenario}variants:\n${many(257, (index) => `  v${index}: {}\n`)}`,
      'more than 256 variants',
    ],
    [
      'of large variants',
      `${smallScenario}refs: [${'x,'.repeat(5000)}]\nvariants:\n${many(250, (index) => `  v${index}: {}\n`)}`,
      'too large: 250 variants of 52',
    ],
  ])('%s is refused in reasonable time', (_, yaml, message) => {
    const start = process.cpuUsage();
    expect(errorOf(() => loadScenario(yaml, 'h.yaml')).message).toContain(message);
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(5);
  });

  it('is told where it goes too deep', () => {
    expect(errorLine(errorOf(() => loadScenario(`a: ${'['.repeat(100)}`, 'h.yaml')))).toBe(`h.yaml:1:69: ${depth}`);
  });

  it('with an integer of a million digits is read', () => {
    const yaml = fullScenario.replace('cpus: 4', `cpus: ${'9'.repeat(900_000)}`);
    expect(errorOf(() => loadScenario(yaml, 'h.yaml')).message).toMatch(/^cpus: expected .*, not 9{40}\.\.\.$/);
  });
});
