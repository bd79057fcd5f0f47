import { Command, Option } from 'commander';
import { COLOR_CHOICES } from './color.js';
import { addAsm } from './commands/asm.js';
import { addCheck } from './commands/check.js';
import { addCompletion } from './commands/completion.js';
import { addConform } from './commands/conform.js';
import { addDisasm } from './commands/disasm.js';
import { addHunt } from './commands/hunt.js';
import { addReplay } from './commands/replay.js';
import { addRun } from './commands/run.js';
import { addSchema } from './commands/schema.js';
import { addStep } from './commands/step.js';
import { addTest } from './commands/test.js';
import type { Done } from './done.js';
import { EXIT_HELP } from './exit-code.js';
import { packageVersion } from './package-version.js';

const COMMANDS = [
  addRun,
  addCheck,
  addTest,
  addHunt,
  addReplay,
  addStep,
  addAsm,
  addDisasm,
  addConform,
  addSchema,
  addCompletion,
];

/**
 * The command line: commands, flags and their help. What a command does is imported when it runs, so that help and usage
 * errors need neither the simulator nor the parsers.
 */
export function buildProgram(done: Done): Command {
  const program = new Command('xmc')
    .description(
      'Simulates CPUs that execute x86-64 code while a patcher rewrites it under them, and says whether\n' +
        'any of them can execute what nobody wrote.',
    )
    .version(`xmc ${packageVersion()}`, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addOption(
      new Option('--color <when>', 'colours; NO_COLOR and FORCE_COLOR are heeded')
        .choices(COLOR_CHOICES)
        .default('auto'),
    )
    .configureHelp({ showGlobalOptions: true, helpWidth: 100 })
    .configureOutput({ outputError: (text, write) => write(usageError(text)) })
    .showSuggestionAfterError(true)
    .exitOverride()
    .addHelpText('after', `\nExamples:\n  xmc run scenarios/call-swap.yaml\n  xmc help run\n${EXIT_HELP}`);
  for (const add of COMMANDS) add(program, done);
  return program;
}

/** commander's message in the form that all our errors have. */
function usageError(text: string): string {
  const [message = '', ...more] = text.trim().split('\n');
  const hint = /^\((Did you mean .*)\)$/.exec(more.join(' '))?.[1];
  const rest = hint === undefined ? more : [`hint: ${hint.charAt(0).toLowerCase()}${hint.slice(1)}`];
  return [`xmc: ${message}`, ...rest, ''].join('\n');
}
