import { type Command, Option } from 'commander';
import { allStepsOption, integerArgument, traceWidthOption } from '../arguments.js';
import type { Done } from '../done.js';
import { EXIT_HELP } from '../exit-code.js';
import type { HuntOptions } from '../hunt/options.js';
import { load } from './load.js';

const EXAMPLES = `
Strategies:
  uniform    any CPU, then any of its steps
  pct        random priorities, changed at --preemptions random steps: bugs of small depth
  pos        random priorities of steps, drawn anew for those that race
  surw       all orders of the steps that matter to patched text equally likely
  starve     one CPU gets no step for a while
  portfolio  all of them in turn

Examples:
  xmc hunt scenarios/stub.yaml --variant sti-nmi --strategy pct
  xmc hunt scenarios/stub.yaml --executions 200 --seed 7
  xmc hunt scenarios/call-swap.yaml --timeout 60 --json | jq '.variants[].violations[].property'

For what is too large for "xmc check". Random executions prove nothing: NO BUG FOUND means that these found none. Every
violation that is found is shrunk until no single step can be left out, and written to <scenario>.<variant>.schedule for
"xmc replay".
${EXIT_HELP}`;

/** Adds `xmc hunt`. */
export function addHunt(program: Command, done: Done): void {
  program
    .command('hunt')
    .summary('look for violations with many random executions')
    .description(
      'Executes a scenario again and again under random schedules, and shrinks every violation that it finds.',
    )
    .argument('<scenario>', 'scenario file (YAML), or - for standard input')
    .option('--variant <name>', 'the variant to hunt in (default: all)')
    .option('--strategy <name>', 'how schedules are drawn, see below', 'portfolio')
    .option(
      '--preemptions <n>',
      'change points of pct (default: 2), most preemptions of the others (default: any)',
      integerArgument(0, 1000),
    )
    .option(
      '--executions <n>',
      'executions of each variant (default: 1000; with --timeout: as many as it allows)',
      integerArgument(1, 1e12),
    )
    .option('--timeout <seconds>', 'most time for the executions of each variant', integerArgument(1, 1e7))
    .addOption(
      new Option('--seed <n>', 'what all random numbers depend on')
        .argParser(integerArgument(0, 0xffffffff))
        .default(1),
    )
    .option('--json', 'print one JSON object (xmc.hunt/1)')
    .option('--schedule <file>', 'write the violating schedule to this file, further ones beside it')
    .addOption(traceWidthOption())
    .addOption(allStepsOption())
    .addHelpText('after', EXAMPLES)
    .action(async (scenario: string, _options: unknown, command: Command) => {
      const { huntCommand } = await load<typeof import('../hunt/hunt-command.js')>('../hunt/hunt-command.js');
      done(await huntCommand(scenario, command.optsWithGlobals<HuntOptions>()));
    });
}
