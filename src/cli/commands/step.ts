import type { Command } from 'commander';
import { backendOption } from '../arguments.js';
import type { Done } from '../done.js';
import type { StepOptions } from '../step/step-command.js';
import { load } from './load.js';

const HELP = `
Examples:
  xmc step scenarios/stub.yaml --variant plain
  xmc step stub.plain.schedule                     a counterexample, from its beginning
  xmc step stub.plain.schedule --at end            from its violation, backwards

n or down does a step, up goes one back, e runs to the next event, E back to the one before, 0 to 7 do a step of that
CPU, o shows all that may happen now, b sets breakpoints, S saves the schedule, ? tells the other keys, q quits.
Without a terminal the trace is printed: that of "xmc replay --trace", or of "xmc run --scheduler round-robin --trace".

Exit codes:
  0  quit
  2  wrong usage or invalid input
  4  a bug in xmc
  129, 130, 143  the terminal went away, or a signal ended it; the terminal is as it was before
  without a terminal: those of "xmc replay" and "xmc run"`;

/** Adds `xmc step`. */
export function addStep(program: Command, done: Done): void {
  program
    .command('step')
    .summary('go through an execution step by step, both ways')
    .description('Steps through a scenario or a recorded schedule in the terminal, forwards and backwards.')
    .argument('<file>', 'scenario file (YAML) or schedule file')
    .option('--variant <name>', 'the variant of the scenario')
    .option('--at <position>', 'where to begin in a schedule: a number of steps, or end')
    .addOption(backendOption())
    .addHelpText('after', HELP)
    .action(async (file: string, _options: unknown, command: Command) => {
      const { stepCommand } = await load<typeof import('../step/step-command.js')>('../step/step-command.js');
      done(await stepCommand(file, command.optsWithGlobals<StepOptions>()));
    });
}
