import { hex } from '../hex.js';
import { printable } from '../printable.js';
import { SectionFlag, type SectionHeader, SectionType } from '../sections.js';
import { ELF_MEMORY_LIMIT } from '../segments.js';
import type { ElfSource } from '../source.js';
import type { ObjectSection } from './object.js';

const REFUSED_FLAGS: readonly (readonly [flag: bigint, problem: string])[] = [
  [SectionFlag.tls, 'SHF_TLS (0x400), thread-local storage is not supported'],
  [SectionFlag.compressed, 'SHF_COMPRESSED (0x800), but the section takes memory'],
];

/**
 * The sections of an object that take memory.
 *
 * @param nameOf - the name of a section by its number
 * @throws InputError if they take more than {@link ELF_MEMORY_LIMIT} bytes, or one is not to be placed
 */
export function readObjectSections(
  source: ElfSource,
  headers: readonly SectionHeader[],
  nameOf: (index: number) => string,
): ObjectSection[] {
  const sections: ObjectSection[] = [];
  let total = 0n;
  for (const [index, header] of headers.entries()) {
    const flags = header.get('sh_flags');
    if (header.number('sh_type') === SectionType.null || (flags & SectionFlag.alloc) === 0n) continue;
    const name = printable(nameOf(index));
    for (const [flag, problem] of REFUSED_FLAGS) {
      if ((flags & flag) !== 0n) throw header.error('sh_flags', `${name} is ${problem}`);
    }
    total += header.get('sh_size');
    if (total > ELF_MEMORY_LIMIT) {
      const taken = `the sections take ${hex(total)} bytes up to ${name}, more than ${hex(ELF_MEMORY_LIMIT)}`;
      throw header.error('sh_size', taken);
    }
    sections.push({
      index,
      name,
      flags: {
        read: true,
        write: (flags & SectionFlag.write) !== 0n,
        execute: (flags & SectionFlag.execinstr) !== 0n,
      },
      alignment: alignmentOf(header, name),
      size: header.get('sh_size'),
      bytes: bytesOf(source, header),
    });
  }
  return sections;
}

function alignmentOf(header: SectionHeader, name: string): bigint {
  const alignment = header.get('sh_addralign') || 1n;
  if ((alignment & (alignment - 1n)) !== 0n) {
    throw header.error('sh_addralign', `the alignment of ${name} is not a power of two`);
  }
  return alignment;
}

function bytesOf(source: ElfSource, header: SectionHeader): Uint8Array | undefined {
  if (header.number('sh_type') === SectionType.nobits) return undefined;
  const { start, end } = header.range('sh_offset', header.get('sh_size'), 'sh_size');
  return new Uint8Array(source.bytes.subarray(start, end));
}
