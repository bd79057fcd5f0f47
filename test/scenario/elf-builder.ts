/** A segment of a test's ELF file; `size`, `flags` and `type` default to the bytes given, r-x and PT_LOAD. */
export interface SegmentSpec {
  readonly address: bigint;
  readonly bytes: readonly number[];
  readonly size?: bigint;
  readonly flags?: number;
  readonly type?: number;
  readonly alignment?: bigint;
}

/** A symbol of a test's ELF file: by default global, a function, of size 0, in section 1. */
export interface SymbolSpec {
  readonly name: string;
  readonly address: bigint;
  readonly size?: bigint;
  readonly type?: number;
  readonly binding?: number;
  readonly section?: number;
}

export interface ElfSpec {
  /** e_type; default ET_EXEC. */
  readonly type?: number;
  readonly entry?: bigint;
  readonly segments: readonly SegmentSpec[];
  /** Without them the file has no sections. */
  readonly symbols?: readonly SymbolSpec[];
}

/** A file made by {@link buildElf} and where its tables are, so that a test can spoil them. */
export interface BuiltElf {
  readonly bytes: Uint8Array;
  /** File offset of program header `i`. */
  programHeader(i: number): number;
  /** File offset of section header `i`: 0 null, 1 .symtab, 2 .strtab. */
  sectionHeader(i: number): number;
  /** File offset of symbol `i`; 0 is the null symbol, the given ones count from 1. */
  symbol(i: number): number;
}

export type Width = 1 | 2 | 4 | 8;

/** Write an unsigned number of `width` bytes. */
export function put(bytes: Uint8Array, offset: number, width: Width, value: bigint | number): void {
  for (let i = 0; i < width; i++) bytes[offset + i] = Number((BigInt(value) >> BigInt(8 * i)) & 0xffn);
}

/** A copy of `bytes` with one number replaced. */
export function withNumber(bytes: Uint8Array, offset: number, width: Width, value: bigint | number): Uint8Array {
  const copy = new Uint8Array(bytes);
  put(copy, offset, width, value);
  return copy;
}

/** A piece of a file of `size` bytes with some numbers in it. */
export function record(
  size: number,
  fields: readonly (readonly [offset: number, width: Width, value: bigint | number])[],
): Uint8Array {
  const bytes = new Uint8Array(size);
  for (const [offset, width, value] of fields) put(bytes, offset, width, value);
  return bytes;
}

/** The smallest ELF64 executable with these contents: headers, segments, .symtab, .strtab, section headers. */
export function buildElf(spec: ElfSpec): BuiltElf {
  const parts: Uint8Array[] = [];
  let length = 64 + 56 * spec.segments.length;
  const append = (part: Uint8Array): number => {
    parts.push(part);
    length += part.length;
    return length - part.length;
  };

  const programHeaders = spec.segments.map(
    ({ address, bytes, size = BigInt(bytes.length), flags = 5, type = 1, alignment = 1n }) =>
      record(56, [
        [0, 4, type],
        [4, 4, flags],
        [8, 8, append(Uint8Array.from(bytes))],
        [16, 8, address],
        [24, 8, address],
        [32, 8, bytes.length],
        [40, 8, size],
        [48, 8, alignment],
      ]),
  );

  let strings = '\0';
  const symbols = (spec.symbols ?? []).map(({ name, address, size = 0n, type = 2, binding = 1, section = 1 }) => {
    const start = name === '' ? 0 : strings.length;
    if (name !== '') strings += `${name}\0`;
    return record(24, [
      [0, 4, start],
      [4, 1, (binding << 4) | type],
      [6, 2, section],
      [8, 8, address],
      [16, 8, size],
    ]);
  });

  let symbolTable = 0;
  let sectionHeaders = 0;
  if (spec.symbols !== undefined) {
    symbolTable = append(record(24, []));
    for (const symbol of symbols) append(symbol);
    const stringTable = append(Uint8Array.from(strings, (character) => character.charCodeAt(0)));
    sectionHeaders = append(record(64, []));
    append(sectionHeader(2, symbolTable, 24 * (1 + symbols.length), 2, 24));
    append(sectionHeader(3, stringTable, strings.length, 0, 0));
  }

  const header = record(64, [
    [0, 4, 0x464c457f],
    [4, 1, 2],
    [5, 1, 1],
    [6, 1, 1],
    [16, 2, spec.type ?? 2],
    [18, 2, 62],
    [20, 4, 1],
    [24, 8, spec.entry ?? spec.segments[0]?.address ?? 0n],
    [32, 8, 64],
    [40, 8, sectionHeaders],
    [52, 2, 64],
    [54, 2, 56],
    [56, 2, spec.segments.length],
    [58, 2, 64],
    [60, 2, sectionHeaders === 0 ? 0 : 3],
  ]);

  return {
    bytes: Uint8Array.from([header, ...programHeaders, ...parts].flatMap((part) => Array.from(part))),
    programHeader: (i) => 64 + 56 * i,
    sectionHeader: (i) => sectionHeaders + 64 * i,
    symbol: (i) => symbolTable + 24 * i,
  };
}

function sectionHeader(type: number, offset: number, size: number, link: number, entrySize: number): Uint8Array {
  return record(64, [
    [4, 4, type],
    [24, 8, offset],
    [32, 8, size],
    [40, 4, link],
    [56, 8, entrySize],
  ]);
}
