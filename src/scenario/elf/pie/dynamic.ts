import { hex } from '../hex.js';
import { type ProgramHeader, ProgramHeaderType } from '../program-headers.js';
import { ElfRecord } from '../record.js';
import type { ElfSource } from '../source.js';

/** Elf64_Dyn. */
const LAYOUT = { d_tag: [0, 8], d_val: [8, 8] } as const;
const SIZE = 16;

/** An entry of the dynamic section. */
export type DynamicEntry = ElfRecord<keyof typeof LAYOUT>;

/** The tags (d_tag) that are read. gABI 5, "Dynamic Section". */
export const DynamicTag = {
  null: 0,
  pltrelsz: 2,
  strtab: 5,
  symtab: 6,
  rela: 7,
  relasz: 8,
  relaent: 9,
  strsz: 10,
  syment: 11,
  pltrel: 20,
  jmprel: 23,
} as const;

const REFUSED: ReadonlyMap<bigint, readonly [problem: string, hint?: string]> = new Map([
  [1n, ['DT_NEEDED, needs a shared library', 'link it with -static-pie']],
  [17n, ['DT_REL, relocations without addends; x86-64 has DT_RELA (0x7) only']],
  [36n, ['DT_RELR, packed relative relocations are not supported', 'link it with -z nopack-relative-relocs']],
]);

/** The entries of the dynamic section by tag. */
export type Dynamic = ReadonlyMap<number, DynamicEntry>;

/**
 * The dynamic section; empty if there is none.
 *
 * @throws InputError if it is not inside the file, has no end, says something twice, or asks for a dynamic linker
 */
export function readDynamic(source: ElfSource, headers: readonly ProgramHeader[]): Dynamic {
  const [header, second] = headers.filter((entry) => entry.number('p_type') === ProgramHeaderType.dynamic);
  const entries = new Map<number, DynamicEntry>();
  if (header === undefined) return entries;
  if (second !== undefined) throw second.error('p_type', 'a second dynamic section (PT_DYNAMIC)');
  const { start, end } = header.range('p_offset', header.get('p_filesz'), 'p_filesz');
  const read: readonly number[] = Object.values(DynamicTag);
  for (let at = start; at + SIZE <= end; at += SIZE) {
    const entry = new ElfRecord(source, `dynamic entry ${(at - start) / SIZE}`, at, LAYOUT);
    const tag = entry.get('d_tag');
    if (tag === BigInt(DynamicTag.null)) return entries;
    const refused = REFUSED.get(tag);
    if (refused !== undefined) throw entry.error('d_tag', ...refused);
    const number = Number(tag);
    if (!read.includes(number)) continue;
    if (entries.has(number)) throw entry.error('d_tag', 'a second entry of this tag');
    entries.set(number, entry);
  }
  throw header.error('p_filesz', `no DT_NULL ends the dynamic section of ${hex(end - start)} bytes`);
}
