import { type Command, Option } from 'commander';
import { addressArgument } from '../arguments.js';
import type { AsmOptions } from '../code/asm-command.js';
import type { Done } from '../done.js';
import { load } from './load.js';

const HELP = `
Examples:
  echo 'lock; cmpxchg %rcx,(%rdi)' | xmc asm
  echo 'call.rel32 0xffffffff82000000' | xmc asm --base 0xffffffff8100c0bc
  xmc asm worker.s --base 0xffffffff81000000 --format listing
  xmc asm worker.s --format binary > worker.bin

The syntax is that of GNU as (.intel_syntax noprefix for intel). Lengths can be chosen:
call.rel32, jmp.rel8, push.imm32, mov.disp32.`;

/** Adds `xmc asm`. */
export function addAsm(program: Command, done: Done): void {
  program
    .command('asm')
    .summary('assemble text')
    .description('Assembles text for 64-bit mode, in AT&T or Intel syntax.')
    .argument('[file]', 'assembly, or - for standard input', '-')
    .option('--base <address>', 'address of the first byte (default: 0)', addressArgument)
    .addOption(new Option('--syntax <syntax>', 'of the assembly').choices(['att', 'intel']).default('att'))
    .addOption(new Option('--format <format>', 'what to print').choices(['hex', 'listing', 'binary']).default('hex'))
    .addHelpText('after', HELP)
    .action(async (file: string, _options: unknown, command: Command) => {
      const { asmCommand } = await load<typeof import('../code/asm-command.js')>('../code/asm-command.js');
      done(await asmCommand(file, command.optsWithGlobals<AsmOptions>()));
    });
}
