import { hex } from './hex.js';
import { ElfRecord, type Layout } from './record.js';
import type { SectionHeader } from './sections.js';
import type { ElfSource } from './source.js';

/** What the entries of a section of equal entries look like. */
export interface SectionTable<Field extends string> {
  /** What an entry is called in messages. */
  readonly title: string;
  /** Bytes of an entry in ELF64. */
  readonly size: number;
  readonly layout: Layout<Field>;
}

/**
 * The entries of a section.
 *
 * @throws InputError if they have another size or the section is no whole number of them
 */
export function* sectionEntries<Field extends string>(
  source: ElfSource,
  section: SectionHeader,
  { title, size, layout }: SectionTable<Field>,
): Generator<ElfRecord<Field>> {
  if (section.get('sh_entsize') !== BigInt(size)) {
    throw section.error('sh_entsize', `not the size of an ELF64 ${title} (${hex(size)})`);
  }
  const bytes = section.get('sh_size');
  if (bytes % BigInt(size) !== 0n) throw section.error('sh_size', `not a multiple of ${hex(size)}, a ${title}'s size`);
  const { start, end } = section.range('sh_offset', bytes, 'sh_size');
  for (let at = start; at < end; at += size) {
    yield new ElfRecord(source, `${title} ${(at - start) / size}`, at, layout);
  }
}
