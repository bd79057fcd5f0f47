import type { ElfHeader } from './header.js';

const ET_EXEC = 2;

const NOT_A_PROGRAM: Readonly<Record<number, readonly [problem: string, hint?: string]>> = {
  0: ['ET_NONE, a file of no type'],
  1: [
    'ET_REL, a relocatable object or a kernel module; relocations are not applied yet',
    'link it: gcc -nostdlib -static -no-pie',
  ],
  3: [
    'ET_DYN, a shared object or a position-independent program; relocations are not applied yet',
    'link it with -static -no-pie',
  ],
  4: ['ET_CORE, a core dump'],
};

/**
 * Refuse every file that is not a program linked to fixed addresses.
 *
 * @throws InputError saying what the file is instead
 */
export function rejectUnlinked(header: ElfHeader): void {
  const type = header.number('e_type');
  if (type === ET_EXEC) return;
  const [problem, hint] = NOT_A_PROGRAM[type] ?? ['not a type of the ELF standard'];
  throw header.error('e_type', `${problem} (want ET_EXEC, 0x2)`, hint);
}
