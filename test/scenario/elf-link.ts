import {
  type ElfImage,
  type ElfInput,
  type ElfLayout,
  layOutElf,
  readElfFile,
  relocateElf,
} from '../../src/scenario/elf.js';
import { memoryOf, numberOf } from './elf-memory.js';
import { buildObject, type ObjectSpec } from './elf-object-builder.js';

/** Where tests put the first object, as the kernel does with modules. */
export const BASE = 0xffffffffa0000000n;
/** How far apart objects are. */
export const SPACING = 0x100000n;

/** Files that were linked together, and how to look at them. */
export interface Linked {
  readonly layout: ElfLayout;
  readonly images: readonly ElfImage[];
  /** `length` bytes at an address. */
  memory(address: bigint, length: number): Uint8Array;
  /** The unsigned number at an address. */
  number(address: bigint, width: 4 | 8): bigint;
}

/** Lay out and relocate files. */
export function linkInputs(inputs: readonly ElfInput[], outside?: ReadonlyMap<string, bigint>): Linked {
  const layout = layOutElf(inputs);
  const images = relocateElf(layout, outside);
  return {
    layout,
    images,
    memory: (address, length) => memoryOf(images, address, length),
    number: (address, width) => numberOf(images, address, width),
  };
}

/** Link files by name, one behind the other. */
export function linkFiles(files: Readonly<Record<string, Uint8Array>>, outside?: ReadonlyMap<string, bigint>): Linked {
  const inputs = Object.entries(files).map(([name, bytes], i) => ({
    elf: readElfFile(bytes, name),
    base: BASE + SPACING * BigInt(i),
  }));
  return linkInputs(inputs, outside);
}

/** Link objects of these contents, `a.o`, `b.o` and so on. */
export function linkObjects(specs: readonly ObjectSpec[], outside: Readonly<Record<string, bigint>> = {}): Linked {
  const files = specs.map((spec, i) => [`${'abcdefgh'[i]}.o`, buildObject(spec).bytes] as const);
  return linkFiles(Object.fromEntries(files), new Map(Object.entries(outside)));
}
