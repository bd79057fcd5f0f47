import type { ElfSegment } from '../image.js';
import { PAGE } from './input.js';

/** Memory that is laid out in one piece: a section, the module's GOT, a common symbol. */
export interface Chunk {
  readonly flags: ElfSegment['flags'];
  /** A power of two. */
  readonly alignment: bigint;
  readonly size: bigint;
  /** Undefined where all is zero. */
  readonly bytes: Uint8Array | undefined;
}

/** Where a chunk went. */
export interface ChunkPlace {
  readonly address: bigint;
  /** Number of the segment, and the offset in it; a chunk of size 0 may have a segment that does not exist. */
  readonly segment: number;
  readonly offset: number;
}

/** Chunks with addresses. */
export interface ChunkLayout {
  readonly places: ReadonlyMap<Chunk, ChunkPlace>;
  /** Bytes from the base to the last byte. */
  readonly size: bigint;
  /** The memory of it all; makes copies. */
  segments(): ElfSegment[];
}

interface Group {
  readonly flags: ElfSegment['flags'];
  readonly address: bigint;
  readonly chunks: readonly (readonly [chunk: Chunk, offset: number])[];
  readonly size: bigint;
}

/** Code first, then what is only read, then what is written, as the kernel lays out a module (layout_sections()). */
const ORDER: readonly ElfSegment['flags'][] = [
  { read: true, write: false, execute: true },
  { read: true, write: true, execute: true },
  { read: true, write: false, execute: false },
  { read: true, write: true, execute: false },
];

/** Lay out chunks from a base, page-aligned: one group for each permission, on pages of its own, in the given order. */
export function layOutChunks(chunks: readonly Chunk[], base: bigint): ChunkLayout {
  const places = new Map<Chunk, ChunkPlace>();
  const groups: Group[] = [];
  let end = base;
  for (const flags of ORDER) {
    const members = chunks.filter(
      (chunk) => chunk.flags.write === flags.write && chunk.flags.execute === flags.execute,
    );
    const address = alignUp(end, PAGE);
    let next = address;
    const placed = members.map((chunk): [Chunk, number] => {
      const start = alignUp(next, chunk.alignment);
      const offset = Number(start - address);
      places.set(chunk, { address: start, segment: groups.length, offset });
      next = start + chunk.size;
      return [chunk, offset];
    });
    if (next === address) continue;
    groups.push({ flags, address, chunks: placed, size: next - address });
    end = next;
  }
  return { places, size: end - base, segments: () => groups.map(segmentOf) };
}

function alignUp(address: bigint, alignment: bigint): bigint {
  return (address + alignment - 1n) & ~(alignment - 1n);
}

/** What is zero at the end of a group needs no bytes. */
function segmentOf({ flags, address, chunks, size }: Group): ElfSegment {
  const filled = chunks.flatMap(([{ bytes }, offset]) => (bytes === undefined ? [] : [{ bytes, offset }]));
  const bytes = new Uint8Array(filled.reduce((end, chunk) => Math.max(end, chunk.offset + chunk.bytes.length), 0));
  for (const chunk of filled) bytes.set(chunk.bytes, chunk.offset);
  return { address, bytes, size, flags };
}
