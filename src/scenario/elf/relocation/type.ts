import { hex } from '../hex.js';
import type { RelaEntry } from './entries.js';
import { relocationName } from './names.js';

/**
 * How a relocated field is computed, in the letters of the psABI (4.4.1): S value of the symbol, A addend, P address of
 * the field, B base of the file, G + GOT address of the symbol's slot in the global offset table. L, the procedure
 * linkage table's entry, is S: everything is linked statically.
 */
export type Calculation = 'S + A' | 'S + A - P' | 'G + GOT + A - P' | 'B + A';

/** What a field takes: a 32-bit one is extended with zeros or with its sign. */
export type FieldRange = 'any' | 'unsigned' | 'signed';

/** What one relocation type does. */
export interface RelocationType {
  /** As the psABI calls it. */
  readonly name: string;
  /** Bytes that it changes. */
  readonly width: 4 | 8;
  readonly calculation: Calculation;
  readonly range: FieldRange;
}

type Rows = Readonly<Record<number, readonly [width: 4 | 8, calculation: Calculation, range: FieldRange]>>;

/** The relocation types that a kind of file may have, by number. */
export type RelocationTypes = ReadonlyMap<number, RelocationType>;

function typesOf(rows: Rows): RelocationTypes {
  return new Map(
    Object.entries(rows).map(([key, [width, calculation, range]]) => {
      const number = Number(key);
      return [number, { name: relocationName(number) ?? hex(number), width, calculation, range }];
    }),
  );
}

/** Changes nothing. */
const R_X86_64_NONE = 0;

/** R_X86_64_64: an address. */
export const ABSOLUTE_64: RelocationType = { name: 'R_X86_64_64', width: 8, calculation: 'S + A', range: 'any' };

/** What objects and kernel modules have. */
export const OBJECT_RELOCATIONS = typesOf({
  1: [8, 'S + A', 'any'],
  2: [4, 'S + A - P', 'signed'],
  4: [4, 'S + A - P', 'signed'],
  9: [4, 'G + GOT + A - P', 'signed'],
  10: [4, 'S + A', 'unsigned'],
  11: [4, 'S + A', 'signed'],
  24: [8, 'S + A - P', 'any'],
  41: [4, 'G + GOT + A - P', 'signed'],
  42: [4, 'G + GOT + A - P', 'signed'],
});

/** What a static linker leaves in a program that may go anywhere. */
export const PIE_RELOCATIONS = typesOf({
  1: [8, 'S + A', 'any'],
  8: [8, 'B + A', 'any'],
});

const TLS: readonly number[] = [16, 17, 18, 19, 20, 21, 22, 23, 34, 35, 36, 44, 45];
const IRELATIVE = 37;

/**
 * The type of a relocation; undefined if it changes nothing (R_X86_64_NONE).
 *
 * @throws InputError if it is not among `known`
 */
export function relocationType(entry: RelaEntry, known: RelocationTypes): RelocationType | undefined {
  const number = Number(entry.get('r_info') & 0xffff_ffffn);
  const type = known.get(number);
  if (type !== undefined || number === R_X86_64_NONE) return type;
  const name = relocationName(number) ?? `relocation type ${hex(number)}`;
  if (TLS.includes(number)) throw entry.error('r_info', `${name}, thread-local storage is not supported`);
  if (number === IRELATIVE) {
    throw entry.error('r_info', `${name}, functions chosen at load time (STT_GNU_IFUNC) are not supported`);
  }
  const names = [...known.values()].map((other) => other.name.replace('R_X86_64_', ''));
  throw entry.error('r_info', `${name} is not supported here`, `supported: R_X86_64_NONE, ${names.join(', ')}`);
}
