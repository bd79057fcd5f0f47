import type { Command } from 'commander';
import { addTraceOptions, backendOption } from '../arguments.js';
import type { Done } from '../done.js';
import type { ReplayOptions } from '../replay/replay-command.js';
import { load } from './load.js';

const HELP = `
Examples:
  xmc replay call-swap.memcpy.schedule
  xmc replay call-swap.memcpy.schedule --trace | less
  xmc replay call-swap.memcpy.schedule --trace=swap.json                   for ui.perfetto.dev
  xmc replay call-swap.memcpy.schedule --against call-swap-fixed.yaml

A schedule file holds its scenario and all files of it: nothing else is needed.

Exit codes:
  0  reproduced: the same end in the same state
  2  wrong usage, or the file is damaged or of another major version
  3  diverged: the first step that differs is named
  4  a bug in xmc`;

/** Adds `xmc replay`. */
export function addReplay(program: Command, done: Done): void {
  const command = program
    .command('replay')
    .summary('execute a recorded schedule again')
    .description('Executes a schedule file again, step by step, and compares every state with the recorded one.')
    .argument('<schedule>', 'schedule file, or - for standard input')
    .option('--against <scenario>', 'replay with this scenario file instead of the embedded one')
    .addOption(backendOption())
    .option('--json', 'print one JSON object (xmc.replay/1)')
    .option('--jsonl', 'print every event as a line of JSON (xmc.event/1)');
  addTraceOptions(command, 'every step')
    .addHelpText('after', HELP)
    .action(async (schedule: string, _options: unknown, command: Command) => {
      const { replayCommand } = await load<typeof import('../replay/replay-command.js')>('../replay/replay-command.js');
      done(await replayCommand(schedule, command.optsWithGlobals<ReplayOptions>()));
    });
}
