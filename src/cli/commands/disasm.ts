import { type Command, Option } from 'commander';
import { addressArgument } from '../arguments.js';
import type { DisasmOptions } from '../code/disasm-command.js';
import type { Done } from '../done.js';
import { load } from './load.js';

const HELP = `
Examples:
  xmc disasm e8 3f 3f ff 00 --base 0xffffffff8100c0bc
  xmc disasm 'Code: 48 89 e5 <0f> 0b 5d c3'              a line from an oops
  xmc asm worker.s | xmc disasm
  xmc disasm vmlinux --syntax intel | less

Input is hex text, raw binary or an ELF file (its executable segments, with symbols); which of them is found out
unless --format says so.`;

/** Adds `xmc disasm`. */
export function addDisasm(program: Command, done: Done): void {
  program
    .command('disasm')
    .summary('disassemble bytes')
    .description('Disassembles 64-bit code.')
    .argument('[input...]', 'a file, - for standard input, or bytes in hex', ['-'])
    .option('--base <address>', 'address of the first byte (default: 0; of an ELF file: its own)', addressArgument)
    .addOption(new Option('--syntax <syntax>', 'syntax to print').choices(['att', 'intel']).default('att'))
    .addOption(
      new Option('--format <format>', 'what the input is').choices(['auto', 'hex', 'binary', 'elf']).default('auto'),
    )
    .addHelpText('after', HELP)
    .action(async (input: string[], _options: unknown, command: Command) => {
      const { disasmCommand } = await load<typeof import('../code/disasm-command.js')>('../code/disasm-command.js');
      done(await disasmCommand(input, command.optsWithGlobals<DisasmOptions>()));
    });
}
