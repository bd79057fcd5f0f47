import type { ElfRecord } from '../record.js';
import type { SectionTable } from '../section-entries.js';

/** Elf64_Rela. */
const LAYOUT = { r_offset: [0, 8], r_info: [8, 8], r_addend: [16, 8] } as const;

/** A relocation with an addend, as it is in the file. */
export type RelaEntry = ElfRecord<keyof typeof LAYOUT>;

/** Relocations as the entries of a table. */
export const RELA_TABLE: SectionTable<keyof typeof LAYOUT> = { title: 'relocation', size: 24, layout: LAYOUT };

/** The number of the symbol that a relocation is against. */
export function relocationSymbol(entry: RelaEntry): number {
  return Number(entry.get('r_info') >> 32n);
}
