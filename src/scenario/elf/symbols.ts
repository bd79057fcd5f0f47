import { isCanonical } from './canonical.js';
import type { ElfHeader } from './header.js';
import { hex } from './hex.js';
import type { ElfSymbol } from './image.js';
import { printable } from './printable.js';
import { readSections } from './sections.js';
import type { ElfSource } from './source.js';
import {
  findSymbolTable,
  SpecialSection,
  type SymbolEntry,
  type SymbolNames,
  SymbolType,
  symbolBinding,
  symbolKind,
  symbolType,
} from './symbol-table.js';

/** A symbol of a linked file. */
export interface LinkedSymbol {
  readonly symbol: ElfSymbol;
  /** A mere number (SHN_ABS), which stays what it is wherever the file goes. */
  readonly absolute: boolean;
}

/** Names of nothing that has an address. */
const WITHOUT_ADDRESS: readonly number[] = [SymbolType.section, SymbolType.file, SymbolType.tls];

/**
 * The names of a program, from its symbol table; none if it was stripped.
 *
 * @throws InputError if a table is not inside the file or a symbol is not what its type says
 */
export function readSymbols(source: ElfSource, header: ElfHeader): LinkedSymbol[] {
  const sections = readSections(source, header);
  const table = findSymbolTable(source, sections);
  const symbols: LinkedSymbol[] = [];
  for (const entry of table?.entries ?? []) {
    if (!isSkipped(entry) && table !== undefined) symbols.push(readSymbol(entry, table.names, sections.length));
  }
  return symbols;
}

function isSkipped(entry: SymbolEntry): boolean {
  return (
    entry.number('st_shndx') === SpecialSection.undefined ||
    entry.number('st_name') === 0 ||
    WITHOUT_ADDRESS.includes(symbolType(entry))
  );
}

function readSymbol(entry: SymbolEntry, names: SymbolNames, sections: number): LinkedSymbol {
  const name = names.of(entry);
  const binding = symbolBinding(entry, name);
  checkPlace(entry, name, sections);
  return {
    symbol: {
      name,
      address: entry.get('st_value'),
      size: entry.get('st_size'),
      kind: symbolKind(entry),
      binding,
    },
    absolute: entry.number('st_shndx') === SpecialSection.absolute,
  };
}

/** A symbol is either a mere number or an address in a section. */
function checkPlace(entry: SymbolEntry, name: string, sections: number): void {
  const section = entry.number('st_shndx');
  if (section === SpecialSection.absolute) return;
  if (section >= SpecialSection.loReserve ? section !== SpecialSection.xindex : section >= sections) {
    throw entry.error('st_shndx', `'${printable(name)}' is in no section (there are ${hex(sections)})`);
  }
  if (!isCanonical(entry.get('st_value'), entry.get('st_size'))) {
    throw entry.error(
      'st_value',
      `'${printable(name)}' is not ${hex(entry.get('st_size'))} bytes of canonical addresses`,
    );
  }
}
