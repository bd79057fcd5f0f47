import { type Command, Option } from 'commander';
import { addTraceOptions, backendOption, integerArgument } from '../arguments.js';
import type { Done } from '../done.js';
import { EXIT_HELP } from '../exit-code.js';
import type { RunOptions } from '../run/options.js';
import { load } from './load.js';

const EXAMPLES = `
Examples:
  xmc run scenarios/call-swap.yaml                       all variants, each once
  xmc run scenarios/call-swap.yaml --variant memcpy --runs 100
  xmc run scenarios/call-swap.yaml --variant memcpy --trace --only site,ipi,trap | less
  xmc run scenarios/call-swap.yaml --variant memcpy --trace=swap.json      for ui.perfetto.dev
  xmc run scenarios/call-swap.yaml --json | jq '.variants[].verdict'

An execution proves nothing: NO BUG FOUND means that these executions found none. A violation is written to
<scenario>.<variant>.schedule, which "xmc replay" executes again, step by step.
${EXIT_HELP}`;

/** Adds `xmc run`. */
export function addRun(program: Command, done: Done): void {
  const command = program
    .command('run')
    .summary('execute a scenario')
    .description('Executes a scenario under a scheduler and checks its properties at every step.')
    .argument('<scenario>', 'scenario file (YAML), or - for standard input')
    .option('--variant <name>', 'the variant to run (default: all)')
    .addOption(
      new Option('--scheduler <name>', 'what chooses the next step')
        .choices(['round-robin', 'random', 'pct', 'starve'])
        .default('random'),
    )
    .option(
      '--seed <n>',
      'seed of a scheduler that draws random numbers, and of RDRAND (default: 1)',
      integerArgument(0, 0xffffffff),
    )
    .option(
      '--runs <n>',
      'executions, with seeds from --seed on, up to the first violation',
      integerArgument(1, 2 ** 32),
    )
    .option('--steps <n>', 'most steps of an execution (default: what the scenario says)', integerArgument(1, 1e15))
    .option('--schedule <file>', 'write the last execution to this file, violated or not')
    .addOption(backendOption())
    .option('--json', 'print one JSON object (xmc.run/1)')
    .option('--jsonl', 'print every event as a line of JSON (xmc.event/1)');
  addTraceOptions(command, 'every step')
    .addHelpText('after', EXAMPLES)
    .action(async (scenario: string, _options: unknown, command: Command) => {
      const { runCommand } = await load<typeof import('../run/run-command.js')>('../run/run-command.js');
      done(await runCommand(scenario, command.optsWithGlobals<RunOptions>()));
    });
}
