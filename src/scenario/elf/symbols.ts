import { isCanonical } from './canonical.js';
import type { ElfHeader } from './header.js';
import { hex } from './hex.js';
import type { ElfSymbol } from './image.js';
import { printable } from './printable.js';
import { ElfRecord } from './record.js';
import { readSections, type SectionHeader, SectionType } from './sections.js';
import type { ElfSource } from './source.js';
import { stringAt } from './string-table.js';

/** The most characters that the names of a program's symbols may have together: 64 Mi. Names may share bytes of the file. */
export const ELF_NAMES_LIMIT = 64 << 20;

/** Elf64_Sym. */
const LAYOUT = { st_name: [0, 4], st_info: [4, 1], st_shndx: [6, 2], st_value: [8, 8], st_size: [16, 8] } as const;
const SYMBOL_SIZE = 24;

type SymbolEntry = ElfRecord<keyof typeof LAYOUT>;

/** STB_*: the high four bits of st_info. STB_GNU_UNIQUE (10) differs from a global one for dynamic linkers only. */
const BINDINGS: Readonly<Record<number, ElfSymbol['binding']>> = { 0: 'local', 1: 'global', 2: 'weak', 10: 'global' };

/** STT_*: the low four bits of st_info. */
const KINDS: Readonly<Record<number, ElfSymbol['kind']>> = { 1: 'object', 2: 'function' };

/** STT_SECTION, STT_FILE, STT_TLS: names of nothing that has an address. */
const WITHOUT_ADDRESS: readonly number[] = [3, 4, 6];

const SHN_UNDEF = 0;
const SHN_LORESERVE = 0xff00;
const SHN_ABS = 0xfff1;
/** The section number is too large for the field and stands elsewhere. */
const SHN_XINDEX = 0xffff;

/**
 * The names of a program, from its symbol table; none if it was stripped.
 *
 * @throws InputError if a table is not inside the file or a symbol is not what its type says
 */
export function readSymbols(source: ElfSource, header: ElfHeader): ElfSymbol[] {
  const sections = readSections(source, header);
  const [table, second] = sections.filter((section) => section.number('sh_type') === SectionType.symtab);
  if (table === undefined) return [];
  if (second !== undefined) throw second.error('sh_type', 'a second symbol table (SHT_SYMTAB)');
  const names = readNames(source, table, sections);
  const symbols: ElfSymbol[] = [];
  let namesSize = 0;
  for (const entry of readEntries(source, table)) {
    if (isSkipped(entry)) continue;
    const symbol = readSymbol(entry, names, sections.length);
    namesSize += symbol.name.length;
    if (namesSize > ELF_NAMES_LIMIT)
      throw entry.error('st_name', `more than ${hex(ELF_NAMES_LIMIT)} characters of names`);
    symbols.push(symbol);
  }
  return symbols;
}

/** The string table that belongs to a symbol table. */
function readNames(source: ElfSource, table: SectionHeader, sections: readonly SectionHeader[]): Uint8Array {
  const strings = sections[table.number('sh_link')];
  if (strings === undefined) throw table.error('sh_link', `there are only ${hex(sections.length)} sections`);
  if (strings.number('sh_type') !== SectionType.strtab) {
    throw strings.error(
      'sh_type',
      'not a string table (SHT_STRTAB, 0x3), but the symbol table takes its names from here',
    );
  }
  const { start, end } = strings.range('sh_offset', strings.get('sh_size'), 'sh_size');
  return source.bytes.subarray(start, end);
}

function* readEntries(source: ElfSource, table: SectionHeader): Generator<SymbolEntry> {
  const size = table.get('sh_size');
  if (table.get('sh_entsize') !== BigInt(SYMBOL_SIZE)) {
    throw table.error('sh_entsize', `not the size of an ELF64 symbol (${hex(SYMBOL_SIZE)})`);
  }
  if (size % BigInt(SYMBOL_SIZE) !== 0n)
    throw table.error('sh_size', `not a multiple of ${hex(SYMBOL_SIZE)}, a symbol's size`);
  const { start, end } = table.range('sh_offset', size, 'sh_size');
  for (let at = start; at < end; at += SYMBOL_SIZE) {
    yield new ElfRecord(source, `symbol ${(at - start) / SYMBOL_SIZE}`, at, LAYOUT);
  }
}

function isSkipped(entry: SymbolEntry): boolean {
  return (
    entry.number('st_shndx') === SHN_UNDEF ||
    entry.number('st_name') === 0 ||
    WITHOUT_ADDRESS.includes(entry.number('st_info') & 0xf)
  );
}

function readSymbol(entry: SymbolEntry, names: Uint8Array, sections: number): ElfSymbol {
  const name = stringAt(names, entry.number('st_name'));
  if (name === undefined) {
    throw entry.error('st_name', `no name ends with a zero byte in the ${hex(names.length)} bytes of the string table`);
  }
  const info = entry.number('st_info');
  const binding = BINDINGS[info >> 4];
  if (binding === undefined) throw entry.error('st_info', `unknown binding ${hex(info >> 4)} of '${printable(name)}'`);
  checkPlace(entry, name, sections);
  return {
    name,
    address: entry.get('st_value'),
    size: entry.get('st_size'),
    kind: KINDS[info & 0xf] ?? 'other',
    binding,
  };
}

/** A symbol is either a mere number or an address in a section. */
function checkPlace(entry: SymbolEntry, name: string, sections: number): void {
  const section = entry.number('st_shndx');
  if (section === SHN_ABS) return;
  if (section >= SHN_LORESERVE ? section !== SHN_XINDEX : section >= sections) {
    throw entry.error('st_shndx', `'${printable(name)}' is in no section (there are ${hex(sections)})`);
  }
  if (!isCanonical(entry.get('st_value'), entry.get('st_size'))) {
    throw entry.error(
      'st_value',
      `'${printable(name)}' is not ${hex(entry.get('st_size'))} bytes of canonical addresses`,
    );
  }
}
