import { type Command, InvalidArgumentError, Option } from 'commander';
import { allStepsOption, integerArgument } from '../arguments.js';
import type { Done } from '../done.js';
import { REPORTERS, type Reporter, type TestOptions } from '../test/options.js';

const HELP = `
Examples:
  xmc test                                  scenarios/**/*.yaml and **/*.scenario.yaml
  xmc test races/ "lib/**/*.race.yaml"
  xmc test --reporter junit --output-file races.xml
  xmc test --reporter text --reporter sarif --output-file sarif=races.sarif
  xmc test -u                               schedules are kept anew

A variant passes when its verdict is the one of its "expect:", and without one when it is VERIFIED.
A violation that was not expected is written to __schedules__/<file>.<variant>.schedule beside the
scenario; from then on "xmc test" follows it first, and fails at once as long as its steps lead to a
violation. When they do not, the variant is checked, and the schedule stays, should the race come
back. -u checks everything, and keeps what that finds, nothing else.
XMC_UPDATE=1 in the environment is -u.

Exit codes:
  0  every variant is as expected
  1  some variant is not
  2  wrong usage, no scenario, an invalid scenario or schedule, a schedule that cannot be written
  3  inconclusive: a limit, an unsupported instruction, goals not reached
  4  a bug in xmc
  130  interrupted by Ctrl-C: what was found so far has been told`;

function reporterArgument(name: string, others: readonly Reporter[]): readonly Reporter[] {
  const known = REPORTERS.find((reporter) => reporter === name);
  if (known === undefined) throw new InvalidArgumentError(`Allowed choices are ${REPORTERS.join(', ')}.`);
  return [...others, known];
}

/** Adds `xmc test`. */
export function addTest(program: Command, done: Done): void {
  program
    .command('test')
    .summary('check scenarios as regression tests')
    .description('Checks every variant of scenario files against what they expect; what was found once is tried first.')
    .argument('[globs...]', 'scenario files, folders, or globs in quotes')
    .addOption(
      new Option('--reporter <name>', 'text, junit, github or sarif (may be repeated)')
        .argParser(reporterArgument)
        .default([], 'text'),
    )
    .addOption(
      new Option('--output-file <file>', 'where a reporter writes; NAME=FILE when there are several (may be repeated)')
        .argParser((file: string, others: readonly string[]) => [...others, file])
        .default([], 'standard output'),
    )
    .option(
      '-u, --update',
      'check everything, and keep the schedules that are found in the place of those that are there',
    )
    .addOption(
      new Option('--max-states <n>', 'most distinct states of a variant')
        .argParser(integerArgument(1, 1e9))
        .default(20_000_000),
    )
    .addOption(new Option('--max-memory <megabytes>', 'most memory').argParser(integerArgument(1, 1e6)).default(4096))
    .option('--timeout <seconds>', 'most time for each variant', integerArgument(1, 1e7))
    .addOption(
      new Option('--jobs <n>', 'threads for the search of a variant; nothing that is told depends on it')
        .argParser(integerArgument(1, 64))
        .default(1),
    )
    .addOption(
      new Option('--trace-width <columns>', 'width of a counterexample')
        .argParser(integerArgument(60, 1000))
        .default(100),
    )
    .addOption(allStepsOption())
    .addHelpText('after', HELP)
    .action(async (globs: string[], _options: unknown, command: Command) => {
      const { testCommand } = await import('../test/test-command.js');
      done(await testCommand(globs, command.optsWithGlobals<TestOptions>()));
    });
}
