import type { ElfHeader } from './header.js';

/** What of the files that can be placed in memory this one is. */
export type ElfKind =
  /** ET_EXEC, linked to fixed addresses. */
  | 'program'
  /** ET_DYN, a program or a library that may go anywhere. */
  | 'pie'
  /** ET_REL, not linked: an object or a kernel module. */
  | 'object';

const KINDS: Readonly<Record<number, ElfKind>> = { 1: 'object', 2: 'program', 3: 'pie' };

const NOTHING_TO_PLACE: Readonly<Record<number, string>> = {
  0: 'ET_NONE, a file of no type',
  4: 'ET_CORE, a core dump',
};

const NOT_A_PROGRAM: Readonly<Record<'object' | 'pie', readonly [problem: string, hint: string]>> = {
  object: ['ET_REL, a relocatable object or a kernel module', 'link it: gcc -nostdlib -static -no-pie'],
  pie: ['ET_DYN, a shared object or a position-independent program', 'link it with -static -no-pie'],
};

/**
 * What kind of file this is.
 *
 * @throws InputError if it is of another type than those three
 */
export function fileKind(header: ElfHeader): ElfKind {
  const type = header.number('e_type');
  const kind = KINDS[type];
  if (kind !== undefined) return kind;
  const problem = NOTHING_TO_PLACE[type] ?? 'not a type of the ELF standard';
  throw header.error('e_type', `${problem} (want ET_EXEC 0x2, ET_DYN 0x3 or ET_REL 0x1)`);
}

/**
 * Refuse every file that is not linked to fixed addresses.
 *
 * @throws InputError saying what the file is instead
 */
export function requireProgram(header: ElfHeader): void {
  const kind = fileKind(header);
  if (kind === 'program') return;
  const [problem, hint] = NOT_A_PROGRAM[kind];
  throw header.error('e_type', `${problem}; it has no addresses of its own (want ET_EXEC, 0x2)`, hint);
}
