import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Terminal } from '../cli/terminal.js';
import { CALL_SWAP, ROOT, Workshop } from '../cli/xmc.js';

const workshop = new Workshop();
const STUB = join(ROOT, 'test/schedules/stub.plain.schedule');

const inTerminal = (args: readonly string[], env: Record<string, string> = {}): Terminal =>
  new Terminal(['step', ...args], { cwd: workshop.path, env });

describe('the terminal of xmc step', () => {
  it('begins where --at says, without colours, does not write over what is open, and ends by a signal', async () => {
    const opened = workshop.write('opened.schedule', readFileSync(STUB, 'utf8'));
    const terminal = inTerminal([opened, '--at', 'end'], { NO_COLOR: '1' });
    await terminal.sees('VIOLATED no-use-after-reuse');
    await terminal.answer('S', 'save to', 'opened.schedule');
    await terminal.sees('will not write over opened.schedule: it is what was opened');
    terminal.signal('SIGTERM');
    expect(await terminal.exited).toBe(143);
    expect([terminal.isAlternate, terminal.screen.split('\n')[0]]).toEqual([false, 'before']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of colours begin with one
    expect(terminal.raw).not.toMatch(/\u001b\[[0-9;]*[0-9]m/);
    expect(workshop.read('opened.schedule')).toBe(readFileSync(STUB, 'utf8'));
  });

  it('ends when the terminal goes away', async () => {
    const terminal = inTerminal([CALL_SWAP, '--variant', 'memcpy']);
    await terminal.sees('call-swap, memcpy  step 0');
    expect(terminal.raw).toContain('\u001b[32m');
    // What a terminal sends when its window is closed.
    terminal.signal('SIGHUP');
    expect(await terminal.exited).toBe(129);
    expect(terminal.isAlternate).toBe(false);
  });

  it.each([['x'], ['99']])('refuses --at %s before anything is drawn', async (at) => {
    const terminal = inTerminal([STUB, `--at=${at}`]);
    expect(await terminal.exited).toBe(2);
    expect(terminal.raw).toMatch(/--at: /);
    expect(terminal.raw).not.toContain('\u001b[?1049h');
  });

  it('goes through an execution slowly, and through one without an end until a key is pressed', async () => {
    const terminal = inTerminal([CALL_SWAP, '--variant', 'text-poke-bp']);
    await terminal.sees('step 0');
    terminal.press('a');
    await terminal.sees(/step [3-9] .*running, any key stops it/);
    terminal.press('x');
    await terminal.sees('stopped by a key');
    terminal.press('c');
    await terminal.sees(/step [0-9]{5,} .*running, any key stops it/);
    terminal.press('x');
    await terminal.sees('stopped by a key');
    terminal.press('q');
    expect(await terminal.exited).toBe(0);
  });
});
