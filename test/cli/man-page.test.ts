import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageVersion } from '../../src/cli/package-version.js';
import { buildProgram } from '../../src/cli/program.js';
import { manifest } from './packed.js';
import { ROOT } from './xmc.js';

const FILE = join(ROOT, manifest.man);
const page = readFileSync(FILE, 'utf8');
/** The words without roff's escapes. */
const words = page
  .replace(/\\f[BR]/g, '')
  .replaceAll('\\-', '-')
  .replaceAll('\\(aq', "'");

const program = buildProgram(() => {});
const help = program.createHelp();
const commands = help.visibleCommands(program).filter((command) => command.name() !== 'help');
const isInstalled = (name: string): boolean => spawnSync(name, ['--version']).status === 0;

describe('the manual page', () => {
  it('has the sections that manual pages have, and the version', () => {
    expect([...page.matchAll(/^\.SH "(.*)"$/gm)].map((match) => match[1])).toEqual([
      'NAME',
      'SYNOPSIS',
      'DESCRIPTION',
      'OPTIONS',
      'COMMANDS',
      'EXIT STATUS',
      'ENVIRONMENT',
      'FILES',
      'EXAMPLES',
      'SEE ALSO',
    ]);
    expect(words).toMatch(/^\.TH "XMC" "1" "" "xmc \d/);
    expect(words).toContain(`"xmc ${packageVersion()}"`);
  });

  it.each(commands.map((command) => [command.name(), command] as const))(
    'has %s with its arguments, each option and its description, and its examples',
    (name, command) => {
      const [, section = ''] = words.split(new RegExp(`^\\.SS "xmc ${name}(?= |")`, 'm'));
      const mine = section.split(/^\.S[HS] /m)[0] ?? '';
      for (const argument of command.registeredArguments) expect(mine.split('\n')[0]).toContain(argument.name());
      for (const option of help.visibleOptions(command).filter(({ long }) => long !== '--help')) {
        expect(mine).toContain(`\n.TP\n${option.flags}\n${help.optionDescription(option)}`.split('. ')[0]);
      }
      expect(words).toMatch(new RegExp(`^xmc ${name}:$`, 'm'));
    },
  );

  it('has the exit codes', () => {
    for (const code of [0, 1, 2, 3, 4, 130]) expect(words).toMatch(new RegExp(`^\\.TP\\n${code}\\n`, 'm'));
  });

  it('is what the tables give, at every build', async () => {
    const tool = (await import(join(ROOT, 'tools/man/page.mjs'))) as {
      page(of: typeof program, version: string): string;
    };
    expect(
      tool.page(
        buildProgram(() => {}),
        packageVersion(),
      ),
    ).toBe(page);
  });

  it.skipIf(!isInstalled('groff'))('gives groff, where it is installed, nothing to warn of', () => {
    const { stdout, stderr } = spawnSync('groff', ['-man', '-ww', '-Tascii', FILE], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toContain(`xmc ${packageVersion()}`);
  });
});
