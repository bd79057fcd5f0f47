import { fileKind, requireProgram } from './elf/file-kind.js';
import { readHeader } from './elf/header.js';
import type { ElfImage } from './elf/image.js';
import { readProgram } from './elf/program.js';
import { ElfSource } from './elf/source.js';

export type { ElfImage, ElfSegment, ElfSymbol } from './elf/image.js';
export { ELF_MEMORY_LIMIT } from './elf/segments.js';
export { ELF_NAMES_LIMIT } from './elf/symbol-table.js';

/**
 * Read a linked x86-64 program: an ELF64 file of type ET_EXEC that needs no dynamic linker, such as gcc makes with
 * `-static -no-pie`. Nothing in the file is trusted; the segments of an image that is returned do not overlap, and together
 * they take at most {@link ELF_MEMORY_LIMIT} bytes of memory. Files that have no addresses yet (ET_REL, ET_DYN) are for
 *
 * @param bytes - the whole file; copied, never kept
 * @param file - its name, for messages
 * @throws InputError naming the file, the field, its offset in the file and its value
 * @see System V gABI chapters 4 and 5, and the x86-64 psABI
 */
export function readElf(bytes: Uint8Array, file: string): ElfImage {
  const source = new ElfSource(bytes, file);
  const header = readHeader(source);
  requireProgram(header);
  return readProgram(source, header).image;
}
