import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { pack } from '../cli/packed.js';
import { ROOT, Workshop } from '../cli/xmc.js';

const workshop = new Workshop();
const SCENARIO = 'scenarios/swap.yaml';
const KEPT = 'scenarios/__schedules__/swap.yaml.two-pieces.schedule';
const whole = readFileSync(join(ROOT, 'examples/regression', SCENARIO), 'utf8');
/** Without the sync between INT3 and the tail. */
const broken = whole.replace(/\n {4}- sync {2}.*/, '');

/** Runs a command in the copy of the example. */
function run(command: string, ...args: string[]): { code: number | null; output: string } {
  const { NO_COLOR, FORCE_COLOR, CI, VITEST, NODE_ENV, ...env } = process.env;
  const outside = { ...env, NO_COLOR: '1' };
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: workshop.path,
    env: outside,
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  return { code: status, output: `${stdout}${stderr}` };
}

const vitest = (...flags: string[]): ReturnType<typeof run> => run('npx', '--no-install', 'vitest', 'run', ...flags);

function writeScenario(text: string): void {
  writeFileSync(join(workshop.path, SCENARIO), text);
}

/** Milliseconds that the report gives to a test. */
function timeOf(output: string, test: string): number {
  return Number(new RegExp(`[✓×] ${test}\\s+([0-9]+)ms`).exec(output)?.[1]);
}

/** Needs the tarballs of vitest and the dependencies: from npm's cache, else from the registry. */
describe('examples/regression, with the package installed', () => {
  beforeAll(() => {
    cpSync(join(ROOT, 'examples/regression'), workshop.path, {
      recursive: true,
      filter: (path) => !/\/(node_modules|package-lock\.json)$/.test(path),
    });
    const { tarball } = pack(workshop.path);
    const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
    const { code, output } = run('npm', 'install', ...quiet, `xmc@${tarball}`);
    expect({ code, output }).toMatchObject({ code: 0 });
  });

  it('passes', () => {
    const { code, output } = vitest();
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toMatch(/Tests {2}6 passed \(6\)/);
    expect(existsSync(join(workshop.path, KEPT))).toBe(false);
  });

  it('has types that its tests compile with', () => {
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    const options = '--noEmit --strict --target es2022 --lib es2023,dom --module nodenext --skipLibCheck --types'.split(
      ' ',
    );
    writeFileSync(
      join(workshop.path, 'wrong.ts'),
      `import { expect } from 'vitest';
       import type { LoadedScenario } from 'xmc';
       import 'xmc/vitest';
       declare const scenario: LoadedScenario;
       const met: Promise<void> = expect(scenario).toViolate('no-torn-instruction', { maxStates: 5 });
       // @ts-expect-error states are counted in numbers
       expect(scenario).toBeVerified({ maxStates: 'many' });
       export { met };`,
    );
    const files = ['test/scenarios.test.ts', 'test/swap-by.test.ts', 'wrong.ts'];
    expect(run(tsc, ...options, '', ...files)).toEqual({ code: 0, output: '' });
  });

  it('finds the race when a sync is removed, fails by its schedule from then on, and passes when it is mended', () => {
    expect(broken).not.toBe(whole);
    writeScenario(broken);
    const first = vitest();
    expect(first.code).toBe(1);
    expect(first.output).toContain('Error: VIOLATED no-torn-instruction, 16 steps; expected verified\n');
    expect(first.output).toContain(`  schedule  ${KEPT}\n  replay    npx xmc replay ${KEPT}\n`);
    const schedule = readFileSync(join(workshop.path, KEPT), 'utf8');
    expect(run('npx', '--no-install', 'xmc', 'replay', KEPT)).toMatchObject({ code: 0 });

    const second = vitest();
    expect(second.code).toBe(1);
    expect(second.output).toContain(`VIOLATED no-torn-instruction, 16 steps, as kept in ${KEPT}; expected verified`);
    expect(timeOf(second.output, 'two-pieces')).toBeLessThan(timeOf(first.output, 'two-pieces'));
    expect(run('npx', '--no-install', 'xmc', 'test', '--max-states', '1').output).toContain(`as kept in ${KEPT}`);

    writeScenario(whole);
    expect(vitest()).toMatchObject({ code: 0 });
    expect(readFileSync(join(workshop.path, KEPT), 'utf8')).toBe(schedule);

    writeScenario(broken);
    expect(vitest().output).toContain(`as kept in ${KEPT}`);
    writeScenario(whole);
    expect(vitest('-u')).toMatchObject({ code: 0 });
    expect(existsSync(join(workshop.path, KEPT))).toBe(false);
  });

  it('tells a trace that has changed, and refreshes it with -u', () => {
    const file = join(workshop.path, 'test/__traces__/swap-by.trace');
    const trace = readFileSync(file, 'utf8');
    writeFileSync(file, trace.replace('memcpy: store one byte', 'memcpy: stores'));
    expect(vitest('test/swap-by.test.ts').code).toBe(1);
    expect(vitest('test/swap-by.test.ts', '-u').code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(trace);
  });
});
