import type { Command } from 'commander';
import type { Done } from '../done.js';
import { load } from './load.js';

const HELP = `
Examples:
  xmc schema > scenario.schema.json
  xmc schema --events > events.schema.json

The first line of a scenario tells an editor where the schema is:
  # yaml-language-server: $schema=./scenario.schema.json`;

/** Adds `xmc schema`. */
export function addSchema(program: Command, done: Done): void {
  program
    .command('schema')
    .summary('print the JSON Schema of scenario files')
    .description('Prints the JSON Schema (draft-7) of scenario files, for editors; or of the lines of traces.')
    .option('--events', 'of a line of a trace in JSON Lines (xmc.event/1)')
    .addHelpText('after', HELP)
    .action(async (options: { readonly events?: boolean }) => {
      const { schemaCommand } = await load<typeof import('../schema-command.js')>('../schema-command.js');
      done(await schemaCommand(options));
    });
}
