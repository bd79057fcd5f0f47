import { EXIT } from '../exit-code.js';

/** A reader that went away (`xmc run --trace | head`) ends the program quietly; other failures of output are told. */
export function watchStandardStreams(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.brokenPipe);
    process.stderr.write(`xmc: error: cannot write to standard output: ${error.message}\n`);
    process.exit(EXIT.usage);
  });
  process.stderr.on('error', () => {
    // Nobody is left to be told.
  });
}
