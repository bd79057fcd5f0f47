import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const SRC = new URL('../../src/', import.meta.url);
const INDEX = readFileSync(new URL('index.ts', SRC), 'utf8');
const FROM = /^export (?:type )?\{([^}]*)\} from '\.\/([^']*)\.js';$/gm;

/** An export of the library, by the name that it has in its file. */
interface Export {
  readonly name: string;
  readonly file: string;
}

const EXPORTS: readonly Export[] = [...INDEX.matchAll(FROM)].flatMap(([, names = '', file]) =>
  names
    .split(',')
    .map((name) =>
      name
        .trim()
        .replace(/^type /, '')
        .replace(/ as .*$/, ''),
    )
    .filter((name) => name !== '')
    .map((name) => ({ name, file: `${file}.ts` })),
);

/** The text before the declaration of a name. */
function before({ name, file }: Export): string {
  const text = readFileSync(new URL(file, SRC), 'utf8');
  const form = `^export (?:async )?(?:abstract )?(?:function\\*?|class|interface|type|const) ${name}\\b`;
  const declaration = new RegExp(form, 'm').exec(text);
  if (declaration === null) throw new Error(`${file} does not declare ${name}`);
  return text.slice(0, declaration.index);
}

/** Whether a text ends with a docstring that says something. */
function endsWithDocstring(text: string): boolean {
  const comment = text.slice(text.lastIndexOf('/**'));
  return /^\/\*\*[\s*]*[^\s*/]/.test(comment) && comment.indexOf('*/') === comment.length - '*/\n'.length;
}

it('Every export of the library has a docstring', () => {
  const unread = INDEX.replaceAll(FROM, '').slice(INDEX.indexOf('*/') + 2);
  expect(unread.trim()).toBe('');
  expect(EXPORTS.length).toBeGreaterThan(80);
  expect(EXPORTS.filter((each) => !endsWithDocstring(before(each)))).toEqual([]);
});

it('A declaration behind an empty or a plain comment has none', () => {
  expect(endsWithDocstring('/** What it is. */\n')).toBe(true);
  expect(endsWithDocstring('/** */\n')).toBe(false);
  expect(endsWithDocstring('/* Plain. */\n')).toBe(false);
  expect(endsWithDocstring('/** Of something else. */\nconst a = 1;\n')).toBe(false);
});
