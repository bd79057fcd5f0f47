import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ROOT, xmc } from './xmc.js';

const page = readFileSync(`${ROOT}/docs/assembler.md`, 'utf8');

/** What the page shows of a terminal: command lines behind `$ `, and what they print. */
const dialogues = page
  .split('\n```')
  .filter((block) => block.startsWith('console\n'))
  .flatMap((block) => block.slice('console\n'.length).split(/^\$ /m).slice(1))
  .map((dialogue): [string, string] => {
    const end = dialogue.indexOf('\n');
    return [dialogue.slice(0, end), dialogue.slice(end + 1).trimEnd()];
  });

describe('the command lines of docs/assembler.md', () => {
  it('are there', () => {
    expect(dialogues.length).toBeGreaterThan(3);
  });

  it.each(dialogues)('%s', async (command, printed) => {
    const [, input = '', words = ''] = /^(?:echo '([^']*)' \| )?xmc (.*)$/.exec(command) ?? [];
    expect(words).not.toBe('');
    const { stdout, stderr } = await xmc(words.split(' '), { input: `${input}\n` });
    expect(`${stdout}${stderr}`.trimEnd()).toBe(printed);
  });
});
