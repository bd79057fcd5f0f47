import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROFILE_ROWS } from '../../src/profile/profiles.js';
import { RULE_KEYS } from '../../src/profile/rules.js';
// @ts-expect-error: tools are JavaScript
import { firstTerminal, svg } from '../../tools/picture/svg.mjs';
// @ts-expect-error: tools are JavaScript
import { tables, withTables } from '../../tools/profiles/tables.mjs';
import { blocksOf, commandsOf, DOCUMENTS, readDocument, shortened } from './document.js';
import { executed } from './executed-documents.js';
import { ROOT } from './xmc.js';

executed('console');

describe('the documents', () => {
  it('show many command lines', () => {
    expect(DOCUMENTS.flatMap(({ text }) => commandsOf(text, 'console')).length).toBeGreaterThan(10);
    expect(DOCUMENTS.flatMap(({ text }) => commandsOf(text, 'console soak')).length).toBeGreaterThan(2);
  });

  it('quote the source as it is', () => {
    const quotes = DOCUMENTS.flatMap(({ text }) => blocksOf(text).filter(({ info }) => /^\w+ src\//.test(info)));
    expect(quotes.length).toBeGreaterThan(0);
    for (const { info, text } of quotes) expect(readDocument(info.split(' ')[1] ?? '')).toContain(text);
  });

  it.each(DOCUMENTS)('$name has no link into the repository that leads nowhere', ({ name, text }) => {
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#\s]+)[^)]*\)/g)].map(([, target = '']) => target);
    const missing = targets.filter((target) => !existsSync(join(ROOT, dirname(name), target)));
    expect(missing).toEqual([]);
  });
});

describe('docs/profiles.md', () => {
  it('has the tables that tools/profiles.mjs writes', () => {
    const page = readDocument('docs/profiles.md');
    expect(withTables(page, tables(PROFILE_ROWS, RULE_KEYS))).toBe(page);
  });
});

describe('the picture of a counterexample', () => {
  it('shows the first terminal of its page, as tools/picture.mjs draws it', () => {
    const picture = readDocument('docs/images/counterexample.svg');
    const [, title = ''] = /<title>(.*)<\/title>/.exec(picture) ?? [];
    expect(svg(firstTerminal(readDocument('docs/read-a-counterexample.md')), title)).toBe(picture);
  });
});

describe('an output that is shortened', () => {
  const output = 'one\ntwo  \nthree (3)\nfour';

  it.each([
    ['one\ntwo  \nthree (3)\nfour'],
    ['...\nfour'],
    ['one\n...'],
    ['one\n...\nthree (3)\n...'],
    ['one\n...\nthree (3)\n...\nfour'],
  ])('is %j', (shown) => {
    expect(shortened(output, shown)).toBe(shown);
  });

  it.each([
    ['one\nthree (3)\n...'],
    ['...\nfou'],
    ['...\nour'],
    ['one\n...\nhree (3)\nfour'],
    ['three (3)\n...'],
    ['...\ntwo  '],
  ])('is not %j', (shown) => {
    expect(shortened(output, shown)).toBe(output);
  });
});
