import { type Command, Option } from 'commander';
import type { ConformOptions } from '../conform/conform-command.js';
import type { Done } from '../done.js';
import { load } from './load.js';

const HELP = `
Examples:
  xmc conform add.jsonl.gz                            each test on both backends
  xmc conform *.jsonl.gz --by-mnemonic
  xmc conform - --backend wasm --all < recorded.jsonl
  xmc conform add.jsonl --json | jq '.failures[].name'

A test is a line of JSON: bytes of code, the state before and the state after, as a real processor had it:
  {"name": "add:Add_rm64_r64", "bytes": "4801d8", "undefined": "0",
   "initial": {"rip": "10001000", "rflags": "202", "rax": "1", "rbx": "2", "ram": [["20001000", "0102"]]},
   "final": {"rip": "10001003", "rflags": "206", "rax": "3"}}
docs/conform.md describes all of its fields. What is not supported, or not compared because processors differ,
is told apart and never counts as passed.

Exit codes:
  0  every test that was compared passed
  1  a test failed
  2  wrong usage, or some line or file could not be read; the other tests were run, and may have failed
  3  no test failed, but something is not supported, or there was nothing to compare
  4  a bug in xmc
  130  interrupted by Ctrl-C: what was found so far has been told`;

/** Adds `xmc conform`. */
export function addConform(program: Command, done: Done): void {
  program
    .command('conform')
    .summary('compare with tests recorded on a processor')
    .description(
      'Executes tests of instructions that were recorded on a processor, and compares every register and byte.',
    )
    .argument('<file...>', 'tests, a JSON object a line, perhaps packed by gzip; - for standard input')
    .addOption(
      new Option('--backend <name>', 'what interprets the instructions')
        .choices(['wasm', 'bigint', 'both'])
        .default('both'),
    )
    .option('--all', 'show every failed test, not only the first 20')
    .option('--by-mnemonic', 'print totals by mnemonic')
    .option('--json', 'print one JSON object (xmc.conform/1)')
    .addHelpText('after', HELP)
    .action(async (files: string[], _options: unknown, command: Command) => {
      const { conformCommand } = await load<typeof import('../conform/conform-command.js')>(
        '../conform/conform-command.js',
      );
      done(await conformCommand(files, command.optsWithGlobals<ConformOptions>()));
    });
}
