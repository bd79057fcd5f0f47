import { CommanderError } from 'commander';
import { InputError } from '../input-error.js';
import { COLOR_CHOICES, paintFor } from './color.js';
import { EXIT } from './exit-code.js';
import { internalErrorText } from './io/internal-error.js';
import { watchStandardStreams } from './io/standard-streams.js';
import { buildProgram } from './program.js';

/**
 * The program: parses the command line, runs the command, and turns whatever is thrown into a message and an exit code.
 * @param args the command line behind the program's name
 */
export async function main(args: readonly string[]): Promise<number> {
  watchStandardStreams();
  let code: number = EXIT.ok;
  const program = buildProgram((exitCode) => {
    code = exitCode;
  });
  try {
    await program.parseAsync(args.map(bareTrace(args)), { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (error instanceof InputError) {
      await printInputError(error, program.opts().color);
      return EXIT.usage;
    }
    process.stderr.write(internalErrorText(error));
    return EXIT.internal;
  }
}

/** `--trace` has a value only behind `=`, so that it never takes the name of the scenario for one. */
function bareTrace(args: readonly string[]): (arg: string, index: number) => string {
  const end = args.indexOf('--');
  return (arg, index) => (arg === '--trace' && (end < 0 || index < end) ? '--trace=-' : arg);
}

async function printInputError(error: InputError, color: unknown): Promise<void> {
  const { diagnosticText } = await import('../report/diagnostic.js');
  const paint = await paintFor(COLOR_CHOICES.find((choice) => choice === color) ?? 'auto', process.stderr);
  process.stderr.write(`${diagnosticText(error, paint).join('\n')}\n`);
}
