import type { ObjectRelocation, ObjectSymbol } from '../object/object.js';
import type { Chunk } from './chunks.js';

/** Bytes of a slot. */
const SLOT_SIZE = 8;

/**
 * The global offset table (GOT) of an object: a slot with the address of every symbol that code reaches through it, in
 * the order of first use. GOTPCRELX code is left as it is: it loads from its slot.
 */
export class GlobalOffsetTable {
  /** Read only: everything is bound before anything runs. */
  readonly chunk: Chunk;
  readonly #slots = new Map<ObjectSymbol, number>();

  constructor(relocations: readonly ObjectRelocation[]) {
    for (const { type, symbol } of relocations) {
      if (type.calculation !== 'G + GOT + A - P' || this.#slots.has(symbol)) continue;
      this.#slots.set(symbol, this.#slots.size * SLOT_SIZE);
    }
    const bytes = new Uint8Array(this.#slots.size * SLOT_SIZE);
    const flags = { read: true, write: false, execute: false };
    this.chunk = { flags, alignment: BigInt(SLOT_SIZE), size: BigInt(bytes.length), bytes };
  }

  /** The symbols that have a slot, and its offset in bytes. */
  get slots(): ReadonlyMap<ObjectSymbol, number> {
    return this.#slots;
  }
}
