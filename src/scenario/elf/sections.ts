import type { ElfHeader } from './header.js';
import type { ElfRecord } from './record.js';
import type { ElfSource } from './source.js';
import { type HeaderTable, readTable } from './table.js';

/** Types of sections (sh_type). gABI 4, "Sections". */
export const SectionType = { null: 0, symtab: 2, strtab: 3, rela: 4, nobits: 8, rel: 9 } as const;

/** Flags of sections (sh_flags). */
export const SectionFlag = { write: 0x1n, alloc: 0x2n, execinstr: 0x4n, tls: 0x400n, compressed: 0x800n } as const;

/** Elf64_Shdr, as far as it is read. */
const LAYOUT = {
  sh_name: [0, 4],
  sh_type: [4, 4],
  sh_flags: [8, 8],
  sh_offset: [24, 8],
  sh_size: [32, 8],
  sh_link: [40, 4],
  sh_info: [44, 4],
  sh_addralign: [48, 8],
  sh_entsize: [56, 8],
} as const;

/** A section header. Its bytes are inside the file if it has any there. */
export type SectionHeader = ElfRecord<keyof typeof LAYOUT>;

const SECTION_HEADERS: HeaderTable<keyof typeof LAYOUT> = {
  title: 'section header',
  offset: 'e_shoff',
  count: 'e_shnum',
  entrySize: 'e_shentsize',
  size: 64,
  layout: LAYOUT,
};

const WITHOUT_BYTES: readonly number[] = [SectionType.null, SectionType.nobits];

/**
 * The section headers, by section number; none if the program was stripped of them.
 *
 * @throws InputError if the table or a section is not inside the file
 */
export function readSections(source: ElfSource, header: ElfHeader): SectionHeader[] {
  if (header.number('e_shnum') === 0 && header.get('e_shoff') !== 0n) {
    throw header.error('e_shnum', 'more section headers than are supported, or a wrong e_shoff');
  }
  const sections = readTable(source, header, SECTION_HEADERS);
  for (const section of sections) {
    if (!WITHOUT_BYTES.includes(section.number('sh_type')))
      section.range('sh_offset', section.get('sh_size'), 'sh_size');
  }
  return sections;
}
