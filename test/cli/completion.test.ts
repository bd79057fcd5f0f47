import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bashWords } from '../../src/cli/completion/bash-words.js';
import { complete } from '../../src/cli/completion/complete.js';
import { answerText } from '../../src/cli/completion/dialects.js';
import { OPTION_VALUES } from '../../src/cli/completion/values.js';
import { buildProgram } from '../../src/cli/program.js';
import { PROGRAM, ROOT, Workshop, xmc } from './xmc.js';

const workshop = new Workshop();
const STUB = join(ROOT, 'scenarios/stub.yaml');
const program = buildProgram(() => {});
const visible = program.createHelp().visibleCommands(program);

const answer = (...words: string[]) => complete(program, words);
const values = async (...words: string[]): Promise<readonly string[]> =>
  (await answer(...words)).candidates.map(({ value }) => value);
const paths = async (...words: string[]): Promise<string> => {
  const { candidates, paths } = await answer(...words);
  expect(candidates).toEqual([]);
  return paths;
};

describe('what may stand at the cursor', () => {
  it('is every command that help shows, with its summary, and no hidden one', async () => {
    const { candidates, paths } = await answer('');
    const help = program.helpInformation();
    expect(candidates.length).toBeGreaterThan(8);
    for (const { value, description } of candidates)
      expect(help).toMatch(new RegExp(`^ +${value} .*${description}$`, 'm'));
    expect(candidates.map(({ value }) => value)).not.toContain('complete');
    expect(paths).toBe('none');
    expect(await values('che')).toEqual(['check']);
    expect(await values('--color', 'never', 'che')).toEqual(['check']);
    expect(await values('help', 'che')).toEqual(['check']);
    expect(await values('nonsense', '')).toEqual([]);
  });

  it.each(visible.map((command) => [command.name(), command] as const))(
    'is every option that the help of %s shows',
    async (name, command) => {
      const shown = [...command.helpInformation().matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(
        (match) => match[1] ?? '',
      );
      expect([...(await values(name, '--'))].sort()).toEqual([...new Set(shown)].sort());
    },
  );

  it('is a choice where the value of an option has choices, behind a space and behind =', async () => {
    expect(await values('check', '--engine', '')).toEqual(['plain', 'fast']);
    expect(await values('check', '--engine', 'f')).toEqual(['fast']);
    expect(await values('check', '--engine=f')).toEqual(['--engine=fast']);
    expect(await values('asm', '--color', 'a')).toEqual(['auto', 'always']);
    expect(await values('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  it('is the name of a profile, a reduction or a strategy', async () => {
    expect(await values('check', '--profile', 'intel')).toEqual(['intel-practice', 'intel-sdm']);
    expect(await values('check', STUB, '--no-reduction', 'fusion', '--no-reduction', 'sy')).toEqual(['symmetry']);
    expect(await values('check', '--no-reduction=al')).toEqual(['--no-reduction=all']);
    expect(await values('hunt', '--strategy', 'p')).toEqual(['pct', 'pos', 'portfolio']);
  });

  it('is the name of a variant in the scenario on the line, whatever options are around it', async () => {
    const all = ['text-poke-bp', 'plain', 'sti', 'forgot-if', 'sti-nmi'];
    for (const command of ['check', 'run', 'hunt', 'step'])
      expect(await values(command, STUB, '--variant', '')).toEqual(all);
    expect(await values('check', '--engine', 'fast', STUB, '--json', '--variant', 's')).toEqual(['sti', 'sti-nmi']);
    expect(await values('run', '--trace', STUB, '--variant=sti')).toEqual(['--variant=sti', '--variant=sti-nmi']);
  });

  it('is no variant where no scenario can be read', async () => {
    const broken = join(workshop.path, workshop.write('broken.yaml', 'variants: {a: 1, b'));
    const unfinished = join(workshop.path, workshop.write('unfinished.yaml', 'variants: {a: , b: {}}'));
    for (const scenario of ['missing.yaml', '-', broken, ROOT]) {
      expect(await answer('check', scenario, '--variant', '')).toEqual({ candidates: [], paths: 'none' });
    }
    expect(await values('check', '--variant', '')).toEqual([]);
    expect(await values('check', unfinished, '--variant', '')).toEqual(['a', 'b']);
  });

  it('is a file or a directory where one is wanted, and none in the place of a number', async () => {
    expect(await paths('check', '')).toBe('files');
    expect(await paths('replay', '--against', '')).toBe('files');
    expect(await paths('run', '--trace=')).toBe('files');
    expect(await paths('run', '--trace', '')).toBe('files');
    expect(await paths('disasm', 'e8', '00', '')).toBe('files');
    expect(await paths('asm', '--', '--odd')).toBe('files');
    expect(await paths('check', '--resume', '')).toBe('directories');
    expect(await paths('check', '--max-states', '')).toBe('none');
    expect(await paths('asm', '--base', '')).toBe('none');
    expect(await paths('check', STUB, '')).toBe('none');
    expect(await paths('check', '--json=')).toBe('none');
  });

  it('has no list for an option that does not exist', () => {
    const known = new Set(program.commands.flatMap(({ options }) => options.map(({ long }) => long)));
    expect(Object.keys(OPTION_VALUES).filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('the dialects', () => {
  it('take the words of bash without quotes, and --name=value as one', () => {
    const cases: readonly (readonly [readonly string[], readonly string[], string])[] = [
      [['check', '--engine', '=', 'fa'], ['check', '--engine=fa'], '--engine='],
      [['check', '--engine', '='], ['check', '--engine='], '--engine='],
      [['--engine', '=', 'fast', 'x'], ['--engine=fast', 'x'], ''],
      [['--engine=fa'], ['--engine=fa'], ''],
      [['a', '=', 'b'], ['a', '=', 'b'], ''],
      [['my\\ file', "'my file", '"a \\" b"', 'a"b"\'c\''], ['my file', 'my file', 'a " b', 'abc'], ''],
    ];
    for (const [given, words, attached] of cases) expect(bashWords(given)).toEqual({ words, attached });
  });

  it('write a candidate as each shell takes it', () => {
    const candidates = [
      { value: '--v=it', description: 'a: b' },
      { value: '--v=a b:c', description: '' },
    ];
    const said = { candidates, paths: 'none' } as const;
    expect(answerText('bash', said, '--v=')).toBe("none\nit\n'a b:c'\n");
    expect(answerText('zsh', said, '')).toBe('none\n--v=it:a: b\n--v=a b\\:c\n');
    expect(answerText('fish', said, '')).toBe('none\n--v=it\ta: b\n--v=a b:c\n');
  });
});

describe('xmc completion', () => {
  it('prints the script of a shell, and refuses others', async () => {
    const { code, stdout } = await xmc(['completion', 'bash']);
    expect(code).toBe(0);
    expect(stdout).toContain('\ncomplete -F _xmc xmc\n');
    const wrong = await xmc(['completion', 'csh']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('Allowed choices are bash, zsh, fish.');
  });
});

/** Runs a shell that finds the built program in PATH; there it completes, and tells else only what it was called with. */
function shell(name: string, args: readonly string[], input = ''): string {
  const env = { ...process.env, PATH: `${join(workshop.path, 'bin')}:${process.env.PATH}`, INPUTRC: '/dev/null' };
  const { stdout, error } = spawnSync(name, args, { cwd: ROOT, env, input, encoding: 'utf8', timeout: 50_000 });
  if (error !== undefined) throw error;
  return stdout;
}

const isInstalled = (name: string): boolean => spawnSync(name, ['--version']).status === 0;

describe('in a shell', () => {
  beforeAll(() => {
    mkdirSync(join(workshop.path, 'bin'));
    const program = `'${process.execPath}' '${PROGRAM}' "$@"`;
    workshop.write('bin/xmc', `#!/bin/sh\ncase $1 in comple*) exec ${program} ;; esac\nprintf '<%s>' "$@"\necho\n`);
    chmodSync(join(workshop.path, 'bin/xmc'), 0o755);
  });

  it('bash completes what is typed', () => {
    workshop.write('my scenario.yaml', 'variants: {a b: }');
    const rc = workshop.write('bashrc', 'eval "$(xmc completion bash)"');
    const typed = [
      'xmc chec\tscenarios/stub.y\t--variant pl\t--no-reduction=fus\t',
      `cd ${workshop.path}`,
      'xmc hunt my\t--variant a\t',
    ];
    const text = shell('bash', ['--noprofile', '--rcfile', join(workshop.path, rc), '-i'], `${typed.join('\n')}\n`);
    expect(text.split('\n')).toEqual([
      '<check><scenarios/stub.yaml><--variant><plain><--no-reduction=fusion>',
      '<hunt><my scenario.yaml><--variant><a b>',
      '',
    ]);
  });

  it('bash asks for files and directories, and for nothing else', () => {
    const text = shell('bash', [
      '--norc',
      '-c',
      `eval "$(xmc completion bash)"; complete -p xmc
       compopt() { echo "compopt $*"; }
       at() { COMP_WORDS=(xmc "$@"); COMP_CWORD=$#; _xmc; echo "$COMP_CWORD \${COMPREPLY[*]}"; }
       at check --engine = fa; at check ''; at check --resume ''; at check --jobs ''`,
    ]);
    expect(text.split('\n')).toEqual([
      'complete -F _xmc xmc',
      '4 fast',
      'compopt -o default',
      '2 ',
      'compopt -o dirnames',
      '3 ',
      '3 ',
      '',
    ]);
  });

  it.skipIf(!isInstalled('zsh'))('zsh, where it is installed, gets candidates with descriptions, and files', () => {
    const text = shell('zsh', [
      '-f',
      '-c',
      `compdef() { print -r -- "compdef $*" }
       _describe() { print -rl -- "\${(@P)2}" }
       _files() { print -r -- "_files $*" }
       compset() { print -r -- "compset $*" }
       eval "$(xmc completion zsh)"
       at() { words=(xmc "$@"); CURRENT=$#words; _xmc }
       at che; at check "'scenarios/stub.yaml'" --variant=p; at check ''; at check --resume ''; at check --jobs ''`,
    ]);
    expect(text.split('\n')).toEqual([
      'compdef _xmc xmc',
      'check:explore every schedule of a scenario',
      '--variant=plain',
      'compset -P --*=',
      '_files ',
      'compset -P --*=',
      '_files -/',
      '',
      '',
    ]);
  });

  it.skipIf(!isInstalled('fish'))('fish, where it is installed, completes', () => {
    const lines = [
      'xmc che',
      'xmc check scenarios/stub.yaml --variant=pl',
      'xmc run --trace=scenarios/call-s',
      'xmc check --jobs ',
    ];
    const text = shell('fish', [
      '-c',
      `xmc completion fish | source; ${lines.map((at) => `complete -C '${at}'`).join('; ')}`,
    ]);
    expect(text.split('\n')).toEqual([
      'check\texplore every schedule of a scenario',
      '--variant=plain',
      '--trace=scenarios/call-swap.yaml',
      '',
    ]);
  });
});
