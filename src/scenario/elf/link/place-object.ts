import { elfError } from '../error.js';
import { hex } from '../hex.js';
import type { ElfSymbol } from '../image.js';
import type { ElfObject, ObjectRelocation, ObjectSymbol } from '../object/object.js';
import { ABSOLUTE_64 } from '../relocation/type.js';
import { ELF_MEMORY_LIMIT } from '../segments.js';
import type { CommonMemory } from './commons.js';
import { type ElfInput, requireBase, requireRoom } from './input.js';
import { ObjectAddresses } from './object-addresses.js';
import type { Definition, Field, FieldSymbol, PlacedElf } from './placed.js';

/**
 * Give an object addresses, and make the GOT that its relocations ask for.
 *
 * @param commons - the common symbols for which it finds the memory
 * @throws InputError if its base is not one or it does not fit there
 */
export function placeObject(input: ElfInput, object: ElfObject, commons: readonly CommonMemory[]): PlacedElf {
  const base = requireBase(input);
  const addresses = new ObjectAddresses(object, commons, base);
  const { size } = addresses.layout;
  if (size > ELF_MEMORY_LIMIT) {
    throw elfError(object.file, `laid out, the sections take ${hex(size)} bytes, more than ${hex(ELF_MEMORY_LIMIT)}`);
  }
  requireRoom(input, base, size);
  return {
    file: object.file,
    linked: false,
    image: { entry: 0n, segments: addresses.layout.segments(), symbols: symbolsOf(object, addresses) },
    sections: addresses.sections(),
    definitions: definitionsOf(object, addresses),
    fields: [...object.relocations.map((relocation) => fieldOf(relocation, addresses)), ...slotFields(addresses)],
  };
}

function symbolsOf(object: ElfObject, addresses: ObjectAddresses): ElfSymbol[] {
  return object.symbols.flatMap((symbol) => {
    const address = symbol.listed ? addresses.addressOf(symbol) : undefined;
    const { name, size, kind, binding } = symbol;
    return address === undefined ? [] : [{ name, address, size, kind, binding }];
  });
}

function definitionsOf(object: ElfObject, addresses: ObjectAddresses): Definition[] {
  return object.symbols.flatMap((symbol): Definition[] => {
    const { name, binding, place } = symbol;
    const address = binding === 'local' ? undefined : addresses.addressOf(symbol);
    if (address === undefined) return [];
    return [{ name, address, strength: place === 'common' ? 'common' : binding === 'weak' ? 'weak' : 'strong' }];
  });
}

function fieldOf({ section, offset, type, symbol, addend }: ObjectRelocation, addresses: ObjectAddresses): Field {
  const place = addresses.placeOf(section);
  const slot = addresses.got.slots.get(symbol);
  const usesSlot = type.calculation === 'G + GOT + A - P' && slot !== undefined;
  return {
    segment: place.segment,
    offset: place.offset + offset,
    address: place.address + BigInt(offset),
    section: section.name,
    sectionOffset: offset,
    type,
    symbol: fieldSymbol(symbol, addresses),
    addend,
    anchor: usesSlot ? addresses.placeOf(addresses.got.chunk).address + BigInt(slot) : 0n,
  };
}

function slotFields(addresses: ObjectAddresses): Field[] {
  const { got } = addresses;
  if (got.slots.size === 0) return [];
  const place = addresses.placeOf(got.chunk);
  return [...got.slots].map(([symbol, offset]) => ({
    segment: place.segment,
    offset: place.offset + offset,
    address: place.address + BigInt(offset),
    section: '.got',
    sectionOffset: offset,
    type: ABSOLUTE_64,
    symbol: fieldSymbol(symbol, addresses),
    addend: 0n,
    anchor: 0n,
  }));
}

/** A global name means what all files together say, even where this one defines it: another may do so strongly. */
function fieldSymbol(symbol: ObjectSymbol, addresses: ObjectAddresses): FieldSymbol {
  const { name, binding } = symbol;
  const address = binding === 'local' ? addresses.addressOf(symbol) : undefined;
  if (address !== undefined) return { kind: 'address', name, address };
  return { kind: 'global', name, weak: binding === 'weak' };
}
