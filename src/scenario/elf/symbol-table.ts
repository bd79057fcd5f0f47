import { hex } from './hex.js';
import type { ElfSymbol } from './image.js';
import { printable } from './printable.js';
import type { ElfRecord } from './record.js';
import { type SectionTable, sectionEntries } from './section-entries.js';
import { type SectionHeader, SectionType } from './sections.js';
import type { ElfSource } from './source.js';
import { stringAt } from './string-table.js';

/**
 * The most characters that the names of a file's symbols may have together: 64 Mi. Names may share bytes of the file.
 */
export const ELF_NAMES_LIMIT = 64 << 20;

/** Elf64_Sym. */
const LAYOUT = { st_name: [0, 4], st_info: [4, 1], st_shndx: [6, 2], st_value: [8, 8], st_size: [16, 8] } as const;

/** An entry of a symbol table. */
export type SymbolEntry = ElfRecord<keyof typeof LAYOUT>;

/** Elf64_Sym as the entries of a table. */
export const SYMBOL_TABLE: SectionTable<keyof typeof LAYOUT> = { title: 'symbol', size: 24, layout: LAYOUT };

/** Section numbers that are none (SHN_*). gABI 4, "Special Section Indexes". */
export const SpecialSection = {
  undefined: 0,
  /** From here on numbers are special. */
  loReserve: 0xff00,
  absolute: 0xfff1,
  common: 0xfff2,
  /** The section number is too large for the field and stands elsewhere. */
  xindex: 0xffff,
} as const;

/** STT_*: the low four bits of st_info. */
export const SymbolType = { section: 3, file: 4, tls: 6, gnuIfunc: 10 } as const;

/** STB_*: the high four bits of st_info. STB_GNU_UNIQUE (10) differs from a global one for dynamic linkers only. */
const BINDINGS: Readonly<Record<number, ElfSymbol['binding']>> = { 0: 'local', 1: 'global', 2: 'weak', 10: 'global' };

const KINDS: Readonly<Record<number, ElfSymbol['kind']>> = { 1: 'object', 2: 'function' };

const UNSUPPORTED: Readonly<Record<number, string>> = {
  [SymbolType.tls]: 'thread-local (STT_TLS), which is not supported',
  [SymbolType.gnuIfunc]: 'a function chosen at load time (STT_GNU_IFUNC), which is not supported',
};

/** Why nothing can be linked to an entry; undefined if it can. */
export function unsupportedSymbol(entry: SymbolEntry): string | undefined {
  return UNSUPPORTED[symbolType(entry)];
}

/** STT_* of an entry. */
export function symbolType(entry: SymbolEntry): number {
  return entry.number('st_info') & 0xf;
}

/** What an entry names. */
export function symbolKind(entry: SymbolEntry): ElfSymbol['kind'] {
  return KINDS[symbolType(entry)] ?? 'other';
}

/**
 * Who may see an entry.
 *
 * @throws InputError if its binding is not one of gABI and GNU
 */
export function symbolBinding(entry: SymbolEntry, name: string): ElfSymbol['binding'] {
  const number = entry.number('st_info') >> 4;
  const binding = BINDINGS[number];
  if (binding === undefined) throw entry.error('st_info', `unknown binding ${hex(number)} of '${printable(name)}'`);
  return binding;
}

/** The names of a symbol table; it counts what it reads, against {@link ELF_NAMES_LIMIT}. */
export class SymbolNames {
  readonly #strings: Uint8Array;
  #size = 0;

  constructor(strings: Uint8Array) {
    this.#strings = strings;
  }

  /** The name of an entry. @throws InputError if there is none, or names have become too many */
  of(entry: SymbolEntry): string {
    const name = stringAt(this.#strings, entry.number('st_name'));
    if (name === undefined) {
      const length = hex(this.#strings.length);
      throw entry.error('st_name', `no name ends with a zero byte in the ${length} bytes of the string table`);
    }
    this.#size += name.length;
    if (this.#size > ELF_NAMES_LIMIT) {
      throw entry.error('st_name', `more than ${hex(ELF_NAMES_LIMIT)} characters of names`);
    }
    return name;
  }
}

/** The symbol table of a file (.symtab). */
export interface SymbolTable {
  /** Its section number. */
  readonly section: number;
  readonly entries: Iterable<SymbolEntry>;
  readonly names: SymbolNames;
}

/**
 * Find the symbol table; undefined if the file was stripped of it.
 *
 * @throws InputError if there are two, or it has no names
 */
export function findSymbolTable(source: ElfSource, sections: readonly SectionHeader[]): SymbolTable | undefined {
  const [table, second] = sections.filter((section) => section.number('sh_type') === SectionType.symtab);
  if (table === undefined) return undefined;
  if (second !== undefined) throw second.error('sh_type', 'a second symbol table (SHT_SYMTAB)');
  return {
    section: sections.indexOf(table),
    entries: sectionEntries(source, table, SYMBOL_TABLE),
    names: new SymbolNames(readStrings(source, table, sections)),
  };
}

/** The string table that belongs to a symbol table. */
function readStrings(source: ElfSource, table: SectionHeader, sections: readonly SectionHeader[]): Uint8Array {
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
