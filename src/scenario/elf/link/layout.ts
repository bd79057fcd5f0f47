import { elfError } from '../error.js';
import { printable } from '../printable.js';
import { type CommonMemory, findCommons } from './commons.js';
import type { ElfInput } from './input.js';
import { placePie, placeProgram } from './place-linked.js';
import { placeObject } from './place-object.js';
import type { Definition, PlacedElf, Strength } from './placed.js';

/** ELF files with addresses, and what their names mean together. */
export interface ElfLayout {
  /** In the order given. */
  readonly files: readonly PlacedElf[];
  /** The definition that counts of each global name. */
  readonly globals: ReadonlyMap<string, GlobalDefinition>;
  /**
   * Addresses by name: global names, then the local ones that no global name hides; of several locals the first counts.
   */
  readonly symbols: ReadonlyMap<string, bigint>;
}

/** A definition and the file that has it. */
export interface GlobalDefinition extends Definition {
  readonly file: PlacedElf;
}

/**
 * Give ELF files their addresses, and find what their global names mean: a strong definition counts before a common
 * one, that before a weak one, and of several weak ones the first. As when the kernel loads a module, equal strings are
 * not merged and nothing is left out.
 *
 * @throws InputError if a base is missing or wrong, a file does not fit there, or a name has two strong definitions of
 * which one is in an object. Programs that are linked already may have names in common; the first counts.
 */
export function layOutElf(inputs: readonly ElfInput[]): ElfLayout {
  const commons = findCommons(inputs.map(({ elf }) => elf));
  const files = inputs.map((input, i) => place(input, commons[i] ?? []));
  const globals = findGlobals(files);
  return { files, globals, symbols: symbolAddresses(files, globals) };
}

function place(input: ElfInput, commons: readonly CommonMemory[]): PlacedElf {
  const { elf } = input;
  switch (elf.kind) {
    case 'program':
      return placeProgram(input, elf);
    case 'pie':
      return placePie(input, elf);
    case 'object':
      return placeObject(input, elf, commons);
  }
}

const RANK: Readonly<Record<Strength, number>> = { strong: 2, common: 1, weak: 0 };

function findGlobals(files: readonly PlacedElf[]): Map<string, GlobalDefinition> {
  const globals = new Map<string, GlobalDefinition>();
  for (const file of files) {
    for (const definition of file.definitions) {
      const before = globals.get(definition.name);
      if (before !== undefined) rejectSecond(before, definition, file);
      if (before === undefined || RANK[before.strength] < RANK[definition.strength]) {
        globals.set(definition.name, { ...definition, file });
      }
    }
  }
  return globals;
}

function rejectSecond(first: GlobalDefinition, second: Definition, file: PlacedElf): void {
  if (first.strength !== 'strong' || second.strength !== 'strong' || (first.file.linked && file.linked)) return;
  const name = printable(second.name);
  throw elfError(file.file, `'${name}' is defined twice: in ${first.file.file} and in ${file.file}`);
}

function symbolAddresses(
  files: readonly PlacedElf[],
  globals: ReadonlyMap<string, GlobalDefinition>,
): Map<string, bigint> {
  const symbols = new Map<string, bigint>();
  for (const [name, { address }] of globals) symbols.set(name, address);
  for (const { image } of files) {
    for (const { name, address } of image.symbols) if (!symbols.has(name)) symbols.set(name, address);
  }
  return symbols;
}
