import type { ElfFile } from '../file.js';
import type { ObjectSymbol } from '../object/object.js';

/** Memory for a common symbol: a variable that several files may leave to the linker to place. */
export interface CommonMemory {
  readonly symbol: ObjectSymbol;
  readonly size: bigint;
  readonly alignment: bigint;
}

/**
 * Which file finds the memory of which common symbols (SHN_COMMON), by the number of the file: the first that has one,
 * with the largest size and alignment of all. A strong definition needs no other memory.
 */
export function findCommons(files: readonly ElfFile[]): readonly (readonly CommonMemory[])[] {
  const strong = new Set(files.flatMap(strongNames));
  const found = new Map<string, CommonMemory & { readonly file: number }>();
  for (const [file, elf] of files.entries()) {
    for (const symbol of elf.kind === 'object' ? elf.symbols : []) {
      if (symbol.place !== 'common' || strong.has(symbol.name)) continue;
      const before = found.get(symbol.name) ?? { file, symbol, size: 0n, alignment: 1n };
      const size = symbol.size > before.size ? symbol.size : before.size;
      const alignment = symbol.value > before.alignment ? symbol.value : before.alignment;
      found.set(symbol.name, { ...before, size, alignment });
    }
  }
  const commons = [...found.values()];
  return files.map((_, file) => commons.filter((common) => common.file === file));
}

function strongNames(elf: ElfFile): string[] {
  switch (elf.kind) {
    case 'program':
      return elf.image.symbols.flatMap(({ name, binding }) => (binding === 'global' ? [name] : []));
    case 'pie':
      return elf.symbols.flatMap(({ symbol }) => (symbol.binding === 'global' ? [symbol.name] : []));
    case 'object':
      return elf.symbols.flatMap(({ name, binding, place }) => {
        return binding === 'global' && place !== 'undefined' && place !== 'common' ? [name] : [];
      });
  }
}
