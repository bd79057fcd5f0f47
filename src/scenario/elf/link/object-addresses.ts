import type { ElfObject, ObjectSection, ObjectSymbol } from '../object/object.js';
import { type Chunk, type ChunkLayout, type ChunkPlace, layOutChunks } from './chunks.js';
import type { CommonMemory } from './commons.js';
import { GlobalOffsetTable } from './global-offset-table.js';
import type { PlacedSection } from './placed.js';

/** Where everything of an object is that takes memory. */
export class ObjectAddresses {
  readonly got: GlobalOffsetTable;
  readonly layout: ChunkLayout;
  readonly #sections: ReadonlyMap<number, ObjectSection>;
  readonly #commons: ReadonlyMap<ObjectSymbol, Chunk>;

  /**
   * The sections in the order of the file, then the GOT, then common symbols; each among its like, from a page-aligned
   * base.
   */
  constructor(object: ElfObject, commons: readonly CommonMemory[], base: bigint) {
    this.got = new GlobalOffsetTable(object.relocations);
    this.#sections = new Map(object.sections.map((section) => [section.index, section]));
    this.#commons = new Map(commons.map((common) => [common.symbol, commonChunk(common)]));
    const got = this.got.slots.size === 0 ? [] : [this.got.chunk];
    this.layout = layOutChunks([...object.sections, ...got, ...this.#commons.values()], base);
  }

  /** Where a section is, or the GOT if it has slots. */
  placeOf(chunk: Chunk): ChunkPlace {
    const place = this.layout.places.get(chunk);
    if (place === undefined) throw new Error('a section that was not laid out');
    return place;
  }

  /** The address of a symbol; undefined if it is defined elsewhere, or in a section that takes no memory. */
  addressOf(symbol: ObjectSymbol): bigint | undefined {
    const { place, value } = symbol;
    switch (place) {
      case 'undefined':
        return undefined;
      case 'absolute':
        return value;
      case 'common': {
        const chunk = this.#commons.get(symbol);
        return chunk && this.placeOf(chunk).address;
      }
      default: {
        const section = this.#sections.get(place);
        return section && BigInt.asUintN(64, this.placeOf(section).address + value);
      }
    }
  }

  /** The sections by name, for debuggers and messages. */
  sections(): PlacedSection[] {
    const sections = [...this.#sections.values()].map((section) => this.#placed(section.name, section));
    const got = this.got.slots.size === 0 ? [] : [this.#placed('.got', this.got.chunk)];
    const commons = [...this.#commons.values()].map((chunk) => this.#placed('COMMON', chunk));
    return [...sections, ...got, ...commons];
  }

  #placed(name: string, chunk: Chunk): PlacedSection {
    return { name, address: this.placeOf(chunk).address, size: chunk.size };
  }
}

function commonChunk({ size, alignment }: CommonMemory): Chunk {
  return { flags: { read: true, write: true, execute: false }, size, alignment, bytes: undefined };
}
