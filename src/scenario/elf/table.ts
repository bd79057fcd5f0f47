import type { ElfHeader } from './header.js';
import { hex } from './hex.js';
import { ElfRecord, type Layout } from './record.js';
import type { ElfSource } from './source.js';

/** A table that the ELF header points to. */
export interface HeaderTable<Field extends string> {
  /** What an entry is called in messages. */
  readonly title: string;
  readonly offset: 'e_phoff' | 'e_shoff';
  readonly count: 'e_phnum' | 'e_shnum';
  readonly entrySize: 'e_phentsize' | 'e_shentsize';
  /** Bytes of an entry in ELF64. */
  readonly size: number;
  readonly layout: Layout<Field>;
}

/**
 * The entries of a table that the ELF header points to.
 *
 * @throws InputError if the table is not inside the file or its entries have another size
 */
export function readTable<Field extends string>(
  source: ElfSource,
  header: ElfHeader,
  table: HeaderTable<Field>,
): ElfRecord<Field>[] {
  const count = header.number(table.count);
  if (count === 0) return [];
  if (header.number(table.entrySize) !== table.size) {
    throw header.error(table.entrySize, `not the size of an ELF64 ${table.title} (${hex(table.size)})`);
  }
  const sizeName = `${table.count} ${hex(count)} times ${hex(table.size)}`;
  const { start } = header.range(table.offset, BigInt(count * table.size), sizeName);
  return Array.from(
    { length: count },
    (_, i) => new ElfRecord(source, `${table.title} ${i}`, start + i * table.size, table.layout),
  );
}
