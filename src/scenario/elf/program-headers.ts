import type { ElfHeader } from './header.js';
import type { ElfRecord } from './record.js';
import type { ElfSource } from './source.js';
import { type HeaderTable, readTable } from './table.js';

/** Types of program headers (p_type). gABI 5, "Program Header". */
export const ProgramHeaderType = { load: 1, dynamic: 2, interp: 3, tls: 7 } as const;

/** e_phnum when the number does not fit: PN_XNUM. */
const PN_XNUM = 0xffff;

/** Elf64_Phdr, as far as it is read. */
const LAYOUT = {
  p_type: [0, 4],
  p_flags: [4, 4],
  p_offset: [8, 8],
  p_vaddr: [16, 8],
  p_filesz: [32, 8],
  p_memsz: [40, 8],
  p_align: [48, 8],
} as const;

/** A program header. */
export type ProgramHeader = ElfRecord<keyof typeof LAYOUT>;

const PROGRAM_HEADERS: HeaderTable<keyof typeof LAYOUT> = {
  title: 'program header',
  offset: 'e_phoff',
  count: 'e_phnum',
  entrySize: 'e_phentsize',
  size: 56,
  layout: LAYOUT,
};

/**
 * The program headers, in the order of the file.
 *
 * @throws InputError if the table is not inside the file
 */
export function readProgramHeaders(source: ElfSource, header: ElfHeader): ProgramHeader[] {
  if (header.number('e_phnum') === PN_XNUM) throw header.error('e_phnum', 'more program headers than are supported');
  return readTable(source, header, PROGRAM_HEADERS);
}

/**
 * Refuse a file that has a program header of one of some types.
 *
 * @param refused - the problem, and a hint, by p_type
 * @throws InputError naming the first such header
 */
export function rejectHeaders(
  headers: readonly ProgramHeader[],
  refused: Readonly<Record<number, readonly [problem: string, hint?: string]>>,
): void {
  for (const entry of headers) {
    const reason = refused[entry.number('p_type')];
    if (reason !== undefined) throw entry.error('p_type', ...reason);
  }
}
