import { type BuiltElf, buildElf, record, type SegmentSpec } from './elf-builder.js';
import type { RelocationSpec } from './elf-object-builder.js';

/** Where the parts of a test's position-independent program are, from its base. */
export const PIE = { symbols: 0x10n, strings: 0x70n, relocations: 0x90n, data: 0x1000n } as const;

/** Tags of the dynamic section. */
export const DT = {
  null: 0,
  needed: 1,
  pltrelsz: 2,
  strtab: 5,
  symtab: 6,
  rela: 7,
  relasz: 8,
  relaent: 9,
  strsz: 10,
  syment: 11,
  rel: 17,
  pltrel: 20,
  jmprel: 23,
  relr: 36,
} as const;

type DynamicEntries = readonly (readonly [tag: number, value: bigint | number])[];

export interface PieSpec {
  /** Symbols by number: 1 `outside` (undefined), 2 `weak` (undefined, weak), 3 `own` (at data+8). */
  readonly relocations: readonly (RelocationSpec & { readonly symbol: number })[];
  /** The dynamic section, if it is not to be a good one. */
  readonly dynamic?: (good: DynamicEntries) => DynamicEntries;
  readonly more?: readonly SegmentSpec[];
  readonly alignment?: bigint;
}

function symbol(name: number, info: number, section: number, value: bigint): Uint8Array {
  return record(24, [
    [0, 4, name],
    [4, 1, info],
    [6, 2, section],
    [8, 8, value],
  ]);
}

/** Make a program of type ET_DYN with code, data and a dynamic section. */
export function buildPie({ relocations, dynamic = (good) => good, more = [], alignment = 0x1000n }: PieSpec): BuiltElf {
  const rela = relocations.map(({ offset, type, symbol: number, addend = 0n }) =>
    record(24, [
      [0, 8, offset],
      [8, 4, type],
      [12, 4, number],
      [16, 8, BigInt.asUintN(64, addend)],
    ]),
  );
  const parts = [
    Uint8Array.from([0xf4, ...new Array<number>(15).fill(0x90)]),
    ...[symbol(0, 0, 0, 0n), symbol(1, 0x10, 0, 0n), symbol(9, 0x20, 0, 0n), symbol(14, 0x11, 1, PIE.data + 8n)],
    Uint8Array.from('\0outside\0weak\0own\0'.padEnd(32, '\0'), (character) => character.charCodeAt(0)),
    ...rela,
  ];
  const entries = dynamic([
    [DT.strtab, PIE.strings],
    [DT.symtab, PIE.symbols],
    [DT.strsz, 18],
    [DT.syment, 24],
    [DT.rela, PIE.relocations],
    [DT.relasz, 24 * relocations.length],
    [DT.relaent, 24],
    [DT.null, 0],
  ]);
  const dynamicBytes = entries.flatMap(([tag, value]) => [
    ...record(16, [
      [0, 8, tag],
      [8, 8, value],
    ]),
  ]);
  return buildElf({
    type: 3,
    entry: 0n,
    segments: [
      { address: 0n, bytes: parts.flatMap((part) => [...part]), alignment },
      { address: PIE.data, bytes: new Array<number>(32).fill(0xee), size: 64n, flags: 6, alignment },
      { address: PIE.data, bytes: dynamicBytes, flags: 6, type: 2 },
      ...more,
    ],
    symbols: [
      { name: 'start', address: 0n },
      { name: 'local', address: PIE.data, binding: 0, type: 1 },
      { name: 'number', address: 0x77n, section: 0xfff1 },
    ],
  });
}
