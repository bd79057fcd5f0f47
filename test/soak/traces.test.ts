import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { callSwapWith, PROGRAM, ROOT, Workshop } from '../cli/xmc.js';

/** Megabytes that the heap may have; a million lines are 150. */
const HEAP = 64;

describe('a trace of a million events', () => {
  const workshop = new Workshop();
  workshop.write('long.yaml', callSwapWith(['repeat: 20', 'repeat: 1000000']));
  const args = ['run', 'long.yaml', '--variant', 'text-poke-bp', '--steps', '720000'];
  const started = (...flags: string[]) =>
    spawn(process.execPath, [`--max-old-space-size=${HEAP}`, PROGRAM, ...args, ...flags], { cwd: workshop.path });

  it('goes to a slow reader in bounded memory', async () => {
    const child = started('--jsonl', '--trace=long.json');
    const ended = new Promise((resolve) => child.on('close', resolve));
    let stderr = '';
    child.stderr.on('data', (data: Buffer) => {
      stderr += data;
    });
    let lines = 0;
    let pieces = 0;
    for await (const piece of child.stdout) {
      lines += piece.toString().split('\n').length - 1;
      // At first it reads much more slowly than lines can be made.
      if (++pieces < 200) await setTimeout(20);
    }
    expect([await ended, stderr]).toEqual([0, '']);
    expect(lines).toBeGreaterThan(1_000_000);
    const trace = workshop.read('long.json');
    expect(trace.endsWith('\n]}\n')).toBe(true);
    expect(trace.split('\n').length).toBeGreaterThan(1_000_000);
  });
});

describe('docs/trace.md', () => {
  const text = readFileSync(join(ROOT, 'docs/trace.md'), 'utf8');
  const commands = [...text.matchAll(/^(?:\$ )?xmc (.*?)(?: \|)?$/gm)].map(([, command = '']) => command.split(' '));

  it('has examples that work', async () => {
    expect(commands.length).toBeGreaterThan(6);
    const docs = new Workshop();
    for (const command of commands) {
      const args = command.map((word) => (word.startsWith('scenarios/') ? join(ROOT, word) : word));
      const { code, stdout, stderr } = await docs.xmc(args);
      expect({ command, code, stderr }).toEqual({ command, code: 0, stderr: '' });
      expect(stdout).not.toBe('');
    }
    expect(docs.files().filter((name) => name.endsWith('.json'))).toEqual(['plain.json', 'swap.json']);
  });
});
