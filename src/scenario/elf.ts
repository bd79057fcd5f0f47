import type { ElfFile } from './elf/file.js';
import { fileKind, requireProgram } from './elf/file-kind.js';
import { readHeader } from './elf/header.js';
import type { ElfImage } from './elf/image.js';
import { readObject } from './elf/object/read-object.js';
import { readPie } from './elf/pie/read-pie.js';
import { readProgram } from './elf/program.js';
import { ElfSource } from './elf/source.js';

export type { ElfFile } from './elf/file.js';
export type { ElfImage, ElfSegment, ElfSymbol } from './elf/image.js';
export type { ElfInput } from './elf/link/input.js';
export { type ElfLayout, type GlobalDefinition, layOutElf } from './elf/link/layout.js';
export type { PlacedElf, PlacedSection } from './elf/link/placed.js';
export { relocateElf } from './elf/link/relocate.js';
export { ELF_MEMORY_LIMIT } from './elf/segments.js';
export { ELF_NAMES_LIMIT } from './elf/symbol-table.js';

/**
 * Read an x86-64 ELF64 file of any kind that can be placed in memory without a dynamic linker: a program linked to
 * fixed addresses (`gcc -static -no-pie`), one that may go anywhere (`-static-pie`), an object or a kernel module
 * (`gcc -c`, `ld -r`). Nothing in the file is trusted; what is returned takes at most {@link ELF_MEMORY_LIMIT} bytes of
 * memory. {@link layOutElf} gives it addresses, {@link relocateElf} links it.
 *
 * @param bytes - the whole file; copied, never kept
 * @param file - its name, for messages
 * @throws InputError naming the file, the field, its offset in the file and its value
 * @see System V gABI chapters 4 and 5, and the x86-64 psABI
 */
export function readElfFile(bytes: Uint8Array, file: string): ElfFile {
  const source = new ElfSource(bytes, file);
  const header = readHeader(source);
  switch (fileKind(header)) {
    case 'program':
      return readProgram(source, header);
    case 'pie':
      return readPie(source, header);
    case 'object':
      return readObject(source, header);
  }
}

/**
 * Read a program that is linked to fixed addresses (ET_EXEC) and needs no dynamic linker: {@link readElfFile} for
 * callers that have no base for other files. The segments of an image do not overlap.
 *
 * @throws InputError as {@link readElfFile}, and for a file of another kind
 */
export function readElf(bytes: Uint8Array, file: string): ElfImage {
  const source = new ElfSource(bytes, file);
  const header = readHeader(source);
  requireProgram(header);
  return readProgram(source, header).image;
}
