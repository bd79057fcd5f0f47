import type { ElfImage, ElfSymbol } from '../image.js';
import type { ElfPie, PieSymbol } from '../pie/pie.js';
import type { ElfProgram } from '../program.js';
import { type ElfInput, rejectBase, requireBase, requireRoom } from './input.js';
import type { Definition, FieldSymbol, PlacedElf } from './placed.js';

/**
 * A program that has its addresses.
 *
 * @throws InputError if it is given a base all the same
 */
export function placeProgram(input: ElfInput, program: ElfProgram): PlacedElf {
  rejectBase(input);
  return linked(program.file, program.image, []);
}

/**
 * Move a position-independent program to its base.
 *
 * @throws InputError if its base is not one or it does not fit there
 */
export function placePie(input: ElfInput, pie: ElfPie): PlacedElf {
  const base = requireBase(input, pie.alignment);
  for (const { address, size } of pie.segments) requireRoom(input, base + address, size);
  const moved = (address: bigint): bigint => BigInt.asUintN(64, base + address);
  const segments = pie.segments.map((segment) => ({ ...segment, address: moved(segment.address) }));
  const symbols = pie.symbols.map(({ symbol, absolute }) => {
    return absolute ? symbol : { ...symbol, address: moved(symbol.address) };
  });
  const image = { entry: pie.entry === 0n ? 0n : moved(pie.entry), segments, symbols };
  const fields = pie.relocations.map(({ segment, offset, type, symbol, addend }) => ({
    segment,
    offset,
    address: (segments[segment]?.address ?? 0n) + BigInt(offset),
    section: `segment ${segment}`,
    sectionOffset: offset,
    type,
    symbol: fieldSymbol(symbol, moved),
    addend,
    anchor: base,
  }));
  return linked(pie.file, image, fields);
}

function linked(file: string, image: ElfImage, fields: PlacedElf['fields']): PlacedElf {
  return { file, linked: true, image, sections: [], definitions: image.symbols.flatMap(definition), fields };
}

function definition({ name, address, binding }: ElfSymbol): Definition[] {
  return binding === 'local' ? [] : [{ name, address, strength: binding === 'weak' ? 'weak' : 'strong' }];
}

/** Its own names mean what it says: they are bound. */
function fieldSymbol(symbol: PieSymbol, moved: (address: bigint) => bigint): FieldSymbol {
  if (symbol.kind === 'outside') return { kind: 'global', name: symbol.name, weak: symbol.weak };
  const { name, address, absolute } = symbol;
  return { kind: 'address', name, address: absolute ? address : moved(address) };
}
