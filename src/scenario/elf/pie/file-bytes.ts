import { type ProgramHeader, ProgramHeaderType } from '../program-headers.js';
import type { FileRange } from '../record.js';

/** The bytes of the file from an address to the end of the segment that brings them; undefined if none does. */
export function fileBytesAt(headers: readonly ProgramHeader[], address: bigint): FileRange | undefined {
  const segment = headers.find((entry) => {
    const offset = address - entry.get('p_vaddr');
    return entry.number('p_type') === ProgramHeaderType.load && offset >= 0n && offset < entry.get('p_filesz');
  });
  if (segment === undefined) return undefined;
  const start = segment.get('p_offset');
  return {
    start: Number(start + address - segment.get('p_vaddr')),
    end: Number(start + segment.get('p_filesz')),
  };
}
