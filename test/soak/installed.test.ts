import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { pack } from '../cli/packed.js';
import { ROOT, Workshop } from '../cli/xmc.js';

const workshop = new Workshop();

/** Runs a command where the package is installed. */
function run(command: string, ...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const { NO_COLOR, FORCE_COLOR, ...env } = process.env;
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: workshop.path, env, encoding: 'utf8' });
  if (error !== undefined) throw error;
  return { code: status, stdout, stderr };
}

/** Needs the tarballs of the dependencies: from npm's cache, else from the registry. */
describe('the package, installed into an empty folder', () => {
  beforeAll(() => {
    workshop.write('package.json', '{"private": true, "type": "module"}');
    const { tarball } = pack(workshop.path);
    const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
    expect(run('npm', 'install', ...quiet, tarball).code).toBe(0);
  });

  it('has a program that prints its help', () => {
    const { code, stdout } = run('npx', '--no-install', 'xmc', '--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: xmc /);
    expect(stdout).toContain('\nExit codes:\n');
  });

  it('has scenarios that can be checked', () => {
    const file = 'node_modules/xmc/scenarios/stub.yaml';
    const { code, stdout } = run('npx', '--no-install', 'xmc', 'check', file, '--variant', 'plain');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^plain {2}VIOLATED no-use-after-reuse {2}after 64 steps, 0 preemptions; as expected$/m);
    expect(workshop.files()).toContain('stub.plain.schedule');
    const replayed = run('npx', '--no-install', 'xmc', 'replay', 'stub.plain.schedule');
    expect(replayed.code).toBe(0);
  });

  it('has a library that can be imported', () => {
    const program = `import { assemble, disassemble, loadScenario } from 'xmc';
      console.log(typeof assemble, typeof disassemble, typeof loadScenario);`;
    expect(run('node', '--input-type=module', '--eval', program).stdout).toBe('function function function\n');
  });

  it.each([
    ['node16', 'node16'],
    ['preserve', 'bundler'],
  ])('has types that compile with module %s and resolution %s', (module, resolution) => {
    workshop.write(
      'user.ts',
      `import { type LoadedScenario, loadScenario } from 'xmc';
       export const loaded: LoadedScenario = loadScenario('', 'x.yaml');
       // @ts-expect-error a file's name is no number
       loadScenario('', 1);`,
    );
    const options = `--noEmit --strict --target es2022 --lib es2023,dom --module ${module} --moduleResolution ${resolution}`;
    const { code, stdout } = run(join(ROOT, 'node_modules/.bin/tsc'), ...options.split(' '), '--types', '', 'user.ts');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  });
});
