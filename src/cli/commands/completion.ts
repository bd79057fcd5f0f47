import { Argument, type Command } from 'commander';
import { SHELLS, type Shell } from '../completion/shell.js';
import type { Done } from '../done.js';
import { load } from './load.js';

type CompleteModule = typeof import('../completion/complete-command.js');
const COMPLETE = '../completion/complete-command.js';

const HELP = `
Examples:
  eval "$(xmc completion bash)"                                  in ~/.bashrc (bash 4 or later)
  eval "$(xmc completion zsh)"                                   in ~/.zshrc, after compinit
  xmc completion fish > ~/.config/fish/completions/xmc.fish

The shell finds xmc in PATH. Commands, options, their values, variants of the scenario on the line, and names of files
are completed.`;

/** Adds `xmc completion`, and the hidden `xmc complete` that its scripts ask. */
export function addCompletion(program: Command, done: Done): void {
  const shell = (): Argument => new Argument('<shell>', 'whose script').choices(SHELLS);
  program
    .command('completion')
    .summary('print a script that completes in a shell')
    .description('Prints a script with which a shell completes the command line of xmc.')
    .addArgument(shell())
    .addHelpText('after', HELP)
    .action(async (name: Shell) => {
      const { completionCommand } = await load<CompleteModule>(COMPLETE);
      done(await completionCommand(name));
    });
  program
    .command('complete', { hidden: true })
    .description('Prints what may stand at the end of a command line.')
    .addArgument(shell())
    .argument('[word...]', 'the words behind xmc, the last up to the cursor; after --')
    .action(async (name: Shell, words: string[]) => {
      const { completeCommand } = await load<CompleteModule>(COMPLETE);
      done(await completeCommand(program, name, words));
    });
}
