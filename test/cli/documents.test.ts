import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blocksOf, dialoguesOf, Reader, readDocument, shortened } from './document.js';
import { ROOT, Workshop } from './xmc.js';

const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'))
    .sort()
    .map((name) => `docs/${name}`),
]
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, text: readDocument(name) }));

const shop = new Workshop();

/** The blocks that do something: files, and command lines of which the slow ones are of test/soak. */
const stepsOf = (text: string) => blocksOf(text).filter(({ info }) => info === 'console' || info.startsWith('yaml '));

describe.each(DOCUMENTS.filter(({ text }) => stepsOf(text).length > 0))('$name', ({ name, text }) => {
  const reader = new Reader(shop, name.replaceAll('/', '-'));

  for (const block of stepsOf(text)) {
    if (block.info === 'console') {
      it.each(dialoguesOf(block))('shows what this prints: $command', async ({ command, shown }) => {
        const { printed } = await reader.execute(command);
        expect(shortened(printed, shown)).toBe(shown);
      });
    } else {
      it(`has a file that can be read: ${block.info}`, () => {
        expect(() => reader.load(block)).not.toThrow();
      });
    }
  }
});

describe('the documents', () => {
  it('show many command lines', () => {
    const commands = DOCUMENTS.flatMap(({ text }) => stepsOf(text).flatMap(dialoguesOf));
    expect(commands.length).toBeGreaterThan(20);
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
