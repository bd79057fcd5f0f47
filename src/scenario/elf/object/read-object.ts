import type { ElfHeader } from '../header.js';
import { readSections, type SectionHeader, SectionType } from '../sections.js';
import type { ElfSource } from '../source.js';
import { stringAt } from '../string-table.js';
import { findSymbolTable } from '../symbol-table.js';
import type { ElfObject } from './object.js';
import { readObjectRelocations } from './relocations.js';
import { readObjectSections } from './sections.js';
import { readObjectSymbols } from './symbols.js';

/**
 * Read what is behind the header of an object or a kernel module.
 *
 * @throws InputError as {@link readObjectSections}, {@link readObjectSymbols} and {@link readObjectRelocations}
 */
export function readObject(source: ElfSource, header: ElfHeader): ElfObject {
  const headers = readSections(source, header);
  const nameOf = sectionNames(source, header, headers);
  const sections = readObjectSections(source, headers, nameOf);
  if (sections.length === 0) throw header.error('e_shnum', 'nothing to load: no section takes memory (SHF_ALLOC)');
  const table = findSymbolTable(source, headers);
  const symbols = table === undefined ? [] : readObjectSymbols(table, headers, nameOf);
  const scope = { sections, symbols, symbolTable: table?.section };
  const relocations = readObjectRelocations(source, headers, scope);
  return { kind: 'object', file: source.file, sections, symbols, relocations };
}

const NOWHERE = { start: 0, end: 0 };

/** Longer names are not shown. */
const LONGEST_NAME = 1024;

/** Names of sections are for messages only, so a file without them is a good one. */
function sectionNames(
  source: ElfSource,
  header: ElfHeader,
  sections: readonly SectionHeader[],
): (index: number) => string {
  const table = sections[header.number('e_shstrndx')];
  const isTable = table?.number('sh_type') === SectionType.strtab;
  const { start: from, end } = isTable ? table.range('sh_offset', table.get('sh_size'), 'sh_size') : NOWHERE;
  const strings = source.bytes.subarray(from, end);
  return (index) => {
    const start = sections[index]?.number('sh_name') ?? 0;
    return stringAt(strings.subarray(start, start + LONGEST_NAME), 0) || `section ${index}`;
  };
}
