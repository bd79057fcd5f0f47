import { hex } from '../hex.js';
import { printable } from '../printable.js';
import { RELA_TABLE, type RelaEntry, relocationSymbol } from '../relocation/entries.js';
import { OBJECT_RELOCATIONS, type RelocationType, relocationType } from '../relocation/type.js';
import { sectionEntries } from '../section-entries.js';
import { type SectionHeader, SectionType } from '../sections.js';
import type { ElfSource } from '../source.js';
import type { ObjectRelocation, ObjectSection, ObjectSymbol } from './object.js';

/** What the relocations of an object are about. */
export interface RelocationScope {
  readonly sections: readonly ObjectSection[];
  readonly symbols: readonly ObjectSymbol[];
  /** The section number of the symbol table. */
  readonly symbolTable: number | undefined;
}

/**
 * The relocations of the sections that take memory, in the order of the file.
 *
 * @throws InputError if one is of a type that is not supported, outside its section, or against no symbol
 */
export function readObjectRelocations(
  source: ElfSource,
  headers: readonly SectionHeader[],
  scope: RelocationScope,
): ObjectRelocation[] {
  const loaded = new Map(scope.sections.map((section) => [section.index, section]));
  const relocations: ObjectRelocation[] = [];
  let total = 0n;
  for (const header of headers) {
    const type = header.number('sh_type');
    if (type === SectionType.rel) {
      throw header.error('sh_type', 'SHT_REL, relocations without addends; x86-64 has SHT_RELA (0x4) only');
    }
    if (type !== SectionType.rela) continue;
    const target = header.number('sh_info');
    if (target >= headers.length) throw header.error('sh_info', `there are only ${hex(headers.length)} sections`);
    const section = loaded.get(target);
    if (section === undefined) continue;
    if (scope.symbolTable === undefined || header.number('sh_link') !== scope.symbolTable) {
      throw header.error('sh_link', 'not the number of the symbol table (SHT_SYMTAB)');
    }
    total += header.get('sh_size');
    if (total > BigInt(source.bytes.length)) throw header.error('sh_size', 'sections of relocations share bytes');
    for (const entry of sectionEntries(source, header, RELA_TABLE)) {
      const relocation = readRelocation(entry, section, scope.symbols, loaded);
      if (relocation !== undefined) relocations.push(relocation);
    }
  }
  return relocations;
}

function readRelocation(
  entry: RelaEntry,
  section: ObjectSection,
  symbols: readonly ObjectSymbol[],
  loaded: ReadonlyMap<number, ObjectSection>,
): ObjectRelocation | undefined {
  const type = relocationType(entry, OBJECT_RELOCATIONS);
  if (type === undefined) return undefined;
  const symbol = symbols[relocationSymbol(entry)];
  if (symbol === undefined) throw entry.error('r_info', `there are only ${hex(symbols.length)} symbols`);
  if (typeof symbol.place === 'number' && !loaded.has(symbol.place)) {
    throw entry.error('r_info', `'${printable(symbol.name)}' is in section ${symbol.place}, which takes no memory`);
  }
  return {
    section,
    offset: offsetOf(entry, section, type),
    type,
    symbol,
    addend: BigInt.asIntN(64, entry.get('r_addend')),
  };
}

function offsetOf(entry: RelaEntry, section: ObjectSection, type: RelocationType): number {
  const offset = entry.get('r_offset');
  if (section.bytes === undefined) {
    throw entry.error('r_offset', `${type.name} in ${section.name}, which has no bytes (SHT_NOBITS)`);
  }
  if (offset + BigInt(type.width) > section.size) {
    throw entry.error(
      'r_offset',
      `${type.name} changes ${hex(type.width)} bytes, but ${section.name} has ${hex(section.size)}`,
    );
  }
  return Number(offset);
}
