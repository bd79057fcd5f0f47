import { didYouMean } from '../../../suggest.js';
import { elfError } from '../error.js';
import { hex } from '../hex.js';
import type { ElfImage } from '../image.js';
import { printable } from '../printable.js';
import type { Calculation, FieldRange } from '../relocation/type.js';
import type { ElfLayout } from './layout.js';
import type { Field, PlacedElf } from './placed.js';

const CALCULATIONS: Readonly<Record<Calculation, (symbol: bigint, field: Field) => bigint>> = {
  'S + A': (symbol, { addend }) => symbol + addend,
  'S + A - P': (symbol, { addend, address }) => symbol + addend - address,
  'G + GOT + A - P': (_, { anchor, addend, address }) => anchor + addend - address,
  'B + A': (_, { anchor, addend }) => anchor + addend,
};

const SIGNED_MIN = -(1n << 31n);
const SIGNED_END = 1n << 31n;

/** Whether 4 bytes hold a value modulo 2^64, and what a message says of one that they do not. */
const RANGES: Readonly<Record<FieldRange, { readonly fits: (value: bigint) => boolean; readonly text: string }>> = {
  any: { fits: () => true, text: '64 bits' },
  unsigned: { fits: (value) => value < 1n << 32n, text: '32 bits, extended with zeros' },
  signed: {
    fits: (value) => BigInt.asIntN(64, value) >= SIGNED_MIN && BigInt.asIntN(64, value) < SIGNED_END,
    text: '32 bits, extended with their sign',
  },
};

/**
 * Relocate ELF files that have addresses.
 *
 * @param outside - addresses of names that are defined outside of them; they count before common and weak definitions
 * @returns the images of the files, in their order; their bytes are new
 * @throws InputError naming the section, the offset, the relocation's type and the symbol: a name that nothing defines
 * and that is not weak, or a value that does not fit; or naming a symbol that an object defines strongly and `outside`
 * has too
 */
export function relocateElf(layout: ElfLayout, outside: ReadonlyMap<string, bigint> = new Map()): ElfImage[] {
  for (const name of outside.keys()) {
    const inside = layout.globals.get(name);
    if (inside?.strength !== 'strong' || inside.file.linked) continue;
    const { file } = inside.file;
    throw elfError(file, `'${printable(name)}' is defined twice: in ${file} and in the scenario itself`);
  }
  const lookUp = (name: string): bigint | undefined => outside.get(name) ?? layout.globals.get(name)?.address;
  return layout.files.map((file) => {
    const segments = file.image.segments.map((segment) => ({ ...segment, bytes: new Uint8Array(segment.bytes) }));
    for (const field of file.fields) {
      const symbol = symbolValue(field, lookUp) ?? fail(file, field, layout, outside);
      const value = BigInt.asUintN(64, CALCULATIONS[field.type.calculation](symbol, field));
      checkRange(file, field, value);
      const bytes = segments[field.segment]?.bytes;
      if (bytes === undefined) throw new Error(`${file.file}: ${titleOf(field)} is in no segment`);
      for (let i = 0; i < field.type.width; i++) bytes[field.offset + i] = Number((value >> BigInt(8 * i)) & 0xffn);
    }
    return { ...file.image, segments };
  });
}

function symbolValue({ symbol }: Field, lookUp: (name: string) => bigint | undefined): bigint | undefined {
  if (symbol.kind === 'address') return symbol.address;
  return lookUp(symbol.name) ?? (symbol.weak ? 0n : undefined);
}

function checkRange({ file }: PlacedElf, field: Field, value: bigint): void {
  const range = RANGES[field.type.range];
  if (range.fits(value)) return;
  const problem = `${field.type.calculation} is ${hex(value)}, which does not fit ${range.text}`;
  throw elfError(file, `${titleOf(field)}: ${problem}`, overflowHint(field));
}

function overflowHint({ type, symbol }: Field): string {
  if (symbol.kind === 'global' && symbol.weak) return `'${printable(symbol.name)}' is weak: 0 if nothing defines it`;
  if (type.calculation !== 'S + A') return 'place the files within 2 GiB of each other';
  if (type.range === 'signed') return 'place the files in the last 2 GiB, from 0xffffffff80000000, or the first';
  return 'compile with -mcmodel=kernel, or place the files below 4 GiB';
}

function fail({ file }: PlacedElf, field: Field, layout: ElfLayout, outside: ReadonlyMap<string, bigint>): never {
  const known = [...layout.globals.keys(), ...outside.keys()].map(printable);
  const hint = didYouMean(printable(field.symbol.name), known);
  throw elfError(file, `${titleOf(field)}: nothing defines the symbol`, hint);
}

/** `.text+0x12: R_X86_64_PLT32 against 'foo'`. */
function titleOf({ section, sectionOffset, type, symbol }: Field): string {
  return `${section}+${hex(sectionOffset)}: ${type.name} against '${printable(symbol.name)}'`;
}
