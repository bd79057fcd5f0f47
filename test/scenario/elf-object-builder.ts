import { put, record } from './elf-builder.js';

/** Flags of sections as objects usually have them. */
export const ALLOC = 2;
export const RODATA = ALLOC;
export const DATA = ALLOC | 1;
export const TEXT = ALLOC | 4;

/** Types of relocations (psABI table 4.9) that tests use by name. */
export const R = {
  none: 0,
  abs64: 1,
  pc32: 2,
  plt32: 4,
  relative: 8,
  gotpcrel: 9,
  abs32: 10,
  abs32s: 11,
  tpoff32: 23,
  pc64: 24,
  gotpc32: 26,
  irelative: 37,
  gotpcrelx: 41,
  rexGotpcrelx: 42,
} as const;

/** A relocation of a test's section; the symbol by name, or by number to spoil it. */
export interface RelocationSpec {
  readonly offset: number | bigint;
  readonly type: number;
  readonly symbol: string | number;
  readonly addend?: bigint;
}

/** A section of a test's object: by default SHT_PROGBITS with `.text`'s flags; with `size` and no bytes SHT_NOBITS. */
export interface SectionSpec {
  readonly name: string;
  readonly bytes?: readonly number[];
  readonly size?: bigint;
  readonly flags?: number;
  readonly alignment?: bigint;
  readonly type?: number;
  readonly relocations?: readonly RelocationSpec[];
}

/** A symbol of a test's object: by default global and without a type, in a section (by name) or in a special one. */
export interface ObjectSymbolSpec {
  readonly name: string;
  /** Default: undefined. */
  readonly section?: string | number;
  readonly value?: bigint;
  readonly size?: bigint;
  readonly type?: number;
  readonly binding?: number;
}

export interface ObjectSpec {
  readonly sections: readonly SectionSpec[];
  readonly symbols?: readonly ObjectSymbolSpec[];
}

/** SHN_ABS and SHN_COMMON, to be given as a symbol's section. */
export const ABSOLUTE = 0xfff1;
export const COMMON = 0xfff2;
export const LOCAL = 0;
export const GLOBAL = 1;
export const WEAK = 2;

/** A file made by {@link buildObject} and where its tables are, so that a test can spoil them. */
export interface BuiltObject {
  readonly bytes: Uint8Array;
  /** File offset of the header of a section; relocations are in `.rela` and the name of their section. */
  sectionHeader(name: string): number;
  /** File offset of a symbol; 0 is the null symbol, the given ones count from 1. */
  symbol(i: number): number;
  /** File offset of relocation `i` of a section. */
  relocation(section: string, i: number): number;
}

interface RawSection {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly contents: Uint8Array;
  readonly size: bigint;
  readonly link?: number;
  readonly info?: number;
  readonly alignment: bigint;
  readonly entrySize?: number;
}

/** The smallest ELF64 object with these contents: sections, their relocations, .symtab, .strtab, .shstrtab. */
export function buildObject({ sections, symbols = [] }: ObjectSpec): BuiltObject {
  const withRelocations = sections.filter(({ relocations }) => relocations !== undefined);
  const symbolTable = 1 + sections.length + withRelocations.length;
  const sectionNumber = (name: string): number => 1 + sections.findIndex((section) => section.name === name);
  const symbolNumber = (name: string): number => 1 + symbols.findIndex((symbol) => symbol.name === name);

  const strings = new Strings();
  const entries = symbols.map(({ name, section = 0, value = 0n, size = 0n, type = 0, binding = GLOBAL }) =>
    record(24, [
      [0, 4, strings.add(name)],
      [4, 1, (binding << 4) | type],
      [6, 2, typeof section === 'number' ? section : sectionNumber(section)],
      [8, 8, value],
      [16, 8, size],
    ]),
  );
  const raw: RawSection[] = [
    ...sections.map(({ name, bytes = [], size, flags = TEXT, alignment = 1n, type }): RawSection => {
      const contents = Uint8Array.from(bytes);
      return {
        name,
        type: type ?? (size === undefined ? 1 : 8),
        flags,
        contents,
        size: size ?? BigInt(bytes.length),
        alignment,
      };
    }),
    ...withRelocations.map(({ name, relocations = [] }): RawSection => {
      const contents = concat(
        relocations.map(({ offset, type, symbol, addend = 0n }) =>
          record(24, [
            [0, 8, offset],
            [8, 4, type],
            [12, 4, typeof symbol === 'number' ? symbol : symbolNumber(symbol)],
            [16, 8, BigInt.asUintN(64, addend)],
          ]),
        ),
      );
      const info = sectionNumber(name);
      return { ...table(`.rela${name}`, 4, contents, 24), link: symbolTable, info };
    }),
    { ...table('.symtab', 2, concat([new Uint8Array(24), ...entries]), 24), link: symbolTable + 1 },
    table('.strtab', 3, strings.bytes(), 0),
  ];
  return assemble(raw);
}

function assemble(sections: readonly RawSection[]): BuiltObject {
  const names = new Strings();
  const nameOffsets = sections.map(({ name }) => names.add(name));
  const nameOffset = names.add('.shstrtab');
  const all = [...sections, table('.shstrtab', 3, names.bytes(), 0)];
  const header = new Uint8Array(64);
  const parts: Uint8Array[] = [header];
  let length = header.length;
  const offsets = all.map(({ contents }) => {
    parts.push(contents);
    length += contents.length;
    return length - contents.length;
  });
  const headers = length;
  parts.push(new Uint8Array(64));
  for (const [i, { type, flags, size, link = 0, info = 0, alignment, entrySize = 0 }] of all.entries()) {
    parts.push(
      record(64, [
        [0, 4, nameOffsets[i] ?? nameOffset],
        [4, 4, type],
        [8, 8, flags],
        [24, 8, offsets[i] ?? 0],
        [32, 8, size],
        [40, 4, link],
        [44, 4, info],
        [48, 8, alignment],
        [56, 8, entrySize],
      ]),
    );
  }
  const bytes = concat(parts);
  put(bytes, 0, 4, 0x464c457f);
  for (const [offset, width, value] of [
    [4, 1, 2],
    [5, 1, 1],
    [6, 1, 1],
    [16, 2, 1],
    [18, 2, 62],
    [20, 4, 1],
    [40, 8, headers],
    [52, 2, 64],
    [58, 2, 64],
    [60, 2, all.length + 1],
    [62, 2, all.length],
  ] as const) {
    put(bytes, offset, width, value);
  }
  const numberOf = (name: string): number => all.findIndex((section) => section.name === name);
  return {
    bytes,
    sectionHeader: (name) => headers + 64 * (1 + numberOf(name)),
    symbol: (i) => (offsets[numberOf('.symtab')] ?? 0) + 24 * i,
    relocation: (section, i) => (offsets[numberOf(`.rela${section}`)] ?? 0) + 24 * i,
  };
}

function table(name: string, type: number, contents: Uint8Array, entrySize: number): RawSection {
  return { name, type, flags: 0, contents, size: BigInt(contents.length), alignment: 1n, entrySize };
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => Array.from(part)));
}

/** A string table. */
class Strings {
  #text = '\0';

  /** The offset of a string; that of the empty one is 0. */
  add(text: string): number {
    if (text === '') return 0;
    this.#text += `${text}\0`;
    return this.#text.length - text.length - 1;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#text, (character) => character.charCodeAt(0));
  }
}

/** So many zeros. */
export const zeros = (count: number): number[] => new Array<number>(count).fill(0);

/**
 * An object with 64 bytes of text, relocations of it, and symbols; those that only the relocations name are undefined.
 */
export function textObject(
  relocations: readonly RelocationSpec[],
  symbols: readonly ObjectSymbolSpec[] = [],
): ObjectSpec {
  const names = relocations.flatMap(({ symbol }) => (typeof symbol === 'string' ? [symbol] : []));
  const missing = names.filter((name) => !symbols.some((symbol) => symbol.name === name));
  const undefinedSymbols = [...new Set(missing)].map((name) => ({ name }));
  return { sections: [{ name: '.text', bytes: zeros(64), relocations }], symbols: [...symbols, ...undefinedSymbols] };
}
