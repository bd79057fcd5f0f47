import { hex } from '../hex.js';
import { printable } from '../printable.js';
import type { SectionHeader } from '../sections.js';
import {
  SpecialSection,
  type SymbolEntry,
  type SymbolTable,
  SymbolType,
  symbolBinding,
  symbolKind,
  symbolType,
  unsupportedSymbol,
} from '../symbol-table.js';
import type { ObjectSymbol } from './object.js';

const SPECIAL_PLACES: Readonly<Record<number, ObjectSymbol['place']>> = {
  [SpecialSection.undefined]: 'undefined',
  [SpecialSection.absolute]: 'absolute',
  [SpecialSection.common]: 'common',
};

/** Number 0 is no symbol; a relocation against it has S = 0. */
const STN_UNDEF: ObjectSymbol = {
  name: 'symbol 0',
  size: 0n,
  kind: 'other',
  binding: 'local',
  listed: false,
  place: 'absolute',
  value: 0n,
};

/**
 * The symbols of an object, by number.
 *
 * @param nameOf - the name of a section by its number
 * @throws InputError if one is in no section or of a kind that cannot be linked
 */
export function readObjectSymbols(
  table: SymbolTable,
  sections: readonly SectionHeader[],
  nameOf: (index: number) => string,
): ObjectSymbol[] {
  const symbols: ObjectSymbol[] = [];
  for (const entry of table.entries) {
    if (symbols.length === 0) {
      symbols.push(STN_UNDEF);
      continue;
    }
    const written = entry.number('st_name') === 0 ? '' : table.names.of(entry);
    const place = placeOf(entry, written, sections.length);
    const isSection = symbolType(entry) === SymbolType.section && typeof place === 'number';
    const name = isSection ? nameOf(place) : written || `symbol ${symbols.length}`;
    const unsupported = unsupportedSymbol(entry);
    if (unsupported !== undefined) throw entry.error('st_info', `'${printable(name)}' is ${unsupported}`);
    const binding = symbolBinding(entry, name);
    if (place === 'common') checkCommon(entry, name, binding);
    symbols.push({
      name,
      size: entry.get('st_size'),
      kind: symbolKind(entry),
      // Without a name nobody else can mean it.
      binding: written === '' ? 'local' : binding,
      listed: written !== '' && !isSection && symbolType(entry) !== SymbolType.file,
      place,
      value: entry.get('st_value'),
    });
  }
  return symbols;
}

function placeOf(entry: SymbolEntry, name: string, sections: number): ObjectSymbol['place'] {
  const number = entry.number('st_shndx');
  const special = SPECIAL_PLACES[number];
  if (special !== undefined) return special;
  if (number < SpecialSection.loReserve && number < sections) return number;
  throw entry.error('st_shndx', `'${printable(name)}' is in no section (there are ${hex(sections)})`);
}

function checkCommon(entry: SymbolEntry, name: string, binding: ObjectSymbol['binding']): void {
  if (binding !== 'global') throw entry.error('st_info', `'${printable(name)}' is common (SHN_COMMON) but not global`);
  const alignment = entry.get('st_value');
  if (alignment === 0n || (alignment & (alignment - 1n)) !== 0n) {
    throw entry.error('st_value', `the alignment of common '${printable(name)}' is not a power of two`);
  }
}
