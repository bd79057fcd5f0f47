import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './xmc.js';

const NATIVE = join(ROOT, 'tools/oracle/native.mjs');

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function native(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [NATIVE, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

/** Whether this machine can record: x86-64 Linux with gcc. FSGSBASE is asked for by the recorder. */
function canRecord(): boolean {
  if (process.platform !== 'linux' || process.arch !== 'x64') return false;
  try {
    execFileSync('gcc', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('npm run conform:native', () => {
  it.skipIf(!canRecord())(
    'records fresh tests on this CPU, all of which pass (needs x86-64 Linux and gcc)',
    async () => {
      const { code, stdout, stderr } = await native(['--count', '300', '--seed', 'test']);
      expect(stdout).toBe('300 tests on wasm and bigint: 300 passed, 0 failed, 0 unsupported\n');
      expect(stderr).toContain('300 tests, recorded twice alike');
      expect(code).toBe(0);
    },
  );

  it('says that it cannot record without gcc, and exits with 3', async () => {
    const { code, stdout, stderr } = await native([], { ...process.env, PATH: '/nonexistent' });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^conform:native: .* needed.*; nothing was compared\n$/);
  });

  it.each(['0', 'many', '1.5'])('refuses --count %s', async (count) => {
    const { code, stderr } = await native(['--count', count]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: `conform:native: --count ${count} is not a number above 0\n` });
  });
});
