import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/tui/commands.js';
import { keysText } from '../../src/tui/views/overlays.js';
import { counterexample, pressAll, screen } from './walks.js';

const page = readFileSync(new URL('../../docs/step.md', import.meta.url), 'utf8');

describe('docs/step.md', () => {
  it('has the table of keys', () => {
    const rows = COMMANDS.map((command) => {
      const keys = keysText(command).split(' ');
      return `| ${keys.map((key) => (key === 'to' ? key : `\`${key}\``)).join(' ')} | ${command.help} |`;
    });
    expect(page).toContain(`|---|---|\n${rows.join('\n')}\n\n`);
  });

  it('has a picture of the screen as it is', async () => {
    const { walk } = await counterexample('text-poke-bp-no-sync1.straddling');
    expect(page).toContain(`\`\`\`\n${screen(walk, pressAll(walk, 'end up'), 100, 25)}\n\`\`\``);
  });
});
