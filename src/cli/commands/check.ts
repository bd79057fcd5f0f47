import { type Command, Option } from 'commander';
import { addTraceOptions, allStepsOption, integerArgument } from '../arguments.js';
import type { CheckOptions } from '../check/options.js';
import type { Done } from '../done.js';
import { EXIT_HELP } from '../exit-code.js';
import { load } from './load.js';

const EXAMPLES = `
Examples:
  xmc check scenarios/stub.yaml                       all variants, every schedule of each
  xmc check scenarios/stub.yaml --variant plain --trace-width 140
  xmc check scenarios/stub.yaml --variant plain --trace=plain.json     the counterexample, for ui.perfetto.dev
  xmc check scenarios/stub.yaml --variant sti --profile paranoid
  xmc check scenarios/stub.yaml --jobs 2              two variants at once
  xmc check scenarios/stub.yaml --estimate            how many states each variant will have
  xmc check scenarios/stub.yaml --checkpoint kept     then: xmc check scenarios/stub.yaml --resume kept
  xmc check scenarios/stub.yaml --json | jq '.variants[] | {variant, verdict, states}'

A search with --checkpoint can be killed at any moment and goes on with --resume, to the same result. Limits may
be others then: --resume DIR --max-states 100000000 goes on where the limit was met.

VERIFIED exhaustive: no schedule within the budgets, no legal fetch and no interrupt violates a property, and from
every state everything can still finish. VERIFIED probabilistic p <= 1e-9: the same, but memory was used up on the
way and states were compared by fingerprints from then on; with a probability of at most p one was missed. More than
1e-3 is inconclusive.
A violation comes with a schedule, which is written to
<scenario>.<variant>.schedule for "xmc replay".
${EXIT_HELP}`;

/** Adds `xmc check`. */
export function addCheck(program: Command, done: Done): void {
  const command = program
    .command('check')
    .summary('explore every schedule of a scenario')
    .description('Explores every schedule of a scenario: verifies its properties, or gives a counterexample.')
    .argument('<scenario>', 'scenario file (YAML), or - for standard input')
    .option('--variant <name>', 'the variant to check (default: all)')
    .option('--profile <name>', "a profile in the place of the scenario's own; then nothing is expected")
    .addOption(
      new Option('--engine <name>', 'fast, or the short and slow one that it is compared with')
        .choices(['plain', 'fast'])
        .default('fast'),
    )
    .addOption(
      new Option('--max-states <n>', 'most distinct states').argParser(integerArgument(1, 1e9)).default(20_000_000),
    )
    .addOption(
      new Option('--max-memory <megabytes>', 'most memory for each variant')
        .argParser(integerArgument(1, 1e6))
        .default(4096),
    )
    .option('--no-fingerprints', 'end when memory is used up, and do not go on with 64-bit fingerprints of states')
    .addOption(
      new Option('--fingerprint-seed <n>', 'other fingerprints: the same check with another seed squares p')
        .argParser(integerArgument(0, 4_294_967_295))
        .default(0),
    )
    .addOption(
      new Option(
        '--jobs <n>',
        'variants that are checked at once, each in a thread with --max-memory of its own; threads that help the search ' +
          'of a variant where there is only one, or with --checkpoint; what is found does not depend on it',
      )
        .argParser(integerArgument(1, 64))
        .default(1),
    )
    .option('--timeout <seconds>', 'most time for each variant', integerArgument(1, 1e7))
    .option('--checkpoint <dir>', 'write down the search there from time to time, and when it is stopped')
    .option('--resume <dir>', 'go on from what was written there, and go on to write')
    .option('--checkpoint-every <states>', 'new states before it is written again', integerArgument(1, 1e9))
    .option('--json', 'print one JSON object (xmc.check/1)')
    .option('--jsonl', 'print every event of a counterexample, and every verdict, as a line of JSON (xmc.event/1)')
    .option('--schedule <file>', 'write the counterexample to this file')
    .addOption(
      new Option(
        '--counterexample <which>',
        'fewest-preemptions of all schedules up to twice as long as the shortest (default), or shortest',
      ).choices(['fewest-preemptions', 'shortest']),
    )
    .addOption(allStepsOption())
    .addOption(
      new Option('--no-reduction <name>', 'look at the states that a reduction leaves out (may be repeated)')
        .argParser((name: string, others: readonly string[]) => [...others, name])
        .default([], 'all are on'),
    )
    .option('--cross-check', 'do the search once more without reductions, and compare')
    .option('--estimate', 'tell how large the search will be, from a small part of it, in the place of searching')
    .option('--no-move-cache', 'do every step on the machine, even one that is known (fast engine)');
  addTraceOptions(command, 'every step of a counterexample')
    .addHelpText('after', EXAMPLES)
    .action(async (scenario: string, _options: unknown, command: Command) => {
      const { checkCommand } = await load<typeof import('../check/check-command.js')>('../check/check-command.js');
      done(await checkCommand(scenario, command.optsWithGlobals<CheckOptions>()));
    });
}
