import { isCanonical } from './canonical.js';
import type { ElfHeader } from './header.js';
import { hex } from './hex.js';
import type { ElfSegment } from './image.js';
import { type ProgramHeader, ProgramHeaderType } from './program-headers.js';
import type { ElfSource } from './source.js';

/** The most memory that the segments of one program may take together, in bytes: 64 MiB. */
export const ELF_MEMORY_LIMIT = 64n << 20n;

const PF_X = 1;
const PF_W = 2;
const PF_R = 4;

/**
 * The memory that a program asks for, in the order of addresses.
 *
 * @throws InputError if there is none, too much, or some of it overlaps, is not in the file or has no canonical address
 */
export function readSegments(source: ElfSource, header: ElfHeader, headers: readonly ProgramHeader[]): ElfSegment[] {
  const loaded = headers.filter((entry) => entry.number('p_type') === ProgramHeaderType.load && !isEmpty(entry));
  if (loaded.length === 0) throw header.error('e_phnum', 'nothing to load: no PT_LOAD program header with memory');
  limitMemory(loaded);
  const segments = loaded.map((entry) => ({ entry, segment: readSegment(source, entry) }));
  segments.sort((a, b) => compare(a.segment.address, b.segment.address));
  segments.forEach(({ entry, segment }, i) => {
    const before = segments[i - 1]?.segment;
    if (before !== undefined && before.address + before.size > segment.address) {
      throw entry.error('p_vaddr', `overlaps the segment from ${hex(before.address)} of ${hex(before.size)} bytes`);
    }
  });
  return segments.map(({ segment }) => segment);
}

function compare(a: bigint, b: bigint): number {
  return Number(a > b) - Number(a < b);
}

function isEmpty(entry: ProgramHeader): boolean {
  return entry.get('p_memsz') === 0n && entry.get('p_filesz') === 0n;
}

function limitMemory(entries: readonly ProgramHeader[]): void {
  let total = 0n;
  for (const entry of entries) {
    total += entry.get('p_memsz');
    if (total > ELF_MEMORY_LIMIT) {
      throw entry.error(
        'p_memsz',
        `the segments take ${hex(total)} bytes up to here, more than ${hex(ELF_MEMORY_LIMIT)}`,
      );
    }
  }
}

function readSegment(source: ElfSource, entry: ProgramHeader): ElfSegment {
  const address = entry.get('p_vaddr');
  const size = entry.get('p_memsz');
  const fileSize = entry.get('p_filesz');
  if (size < fileSize) throw entry.error('p_memsz', `less than p_filesz (${hex(fileSize)})`);
  if (!isCanonical(address, size))
    throw entry.error('p_vaddr', `not ${hex(size)} bytes (p_memsz) of canonical addresses`);
  const { start, end } = entry.range('p_offset', fileSize, 'p_filesz');
  const flags = entry.number('p_flags');
  return {
    address,
    bytes: new Uint8Array(source.bytes.subarray(start, end)),
    size,
    flags: { read: (flags & PF_R) !== 0, write: (flags & PF_W) !== 0, execute: (flags & PF_X) !== 0 },
  };
}
