/** An address as a symbol and the distance from it. */
export interface SymbolOffset {
  readonly name: string;
  /** bytes from the symbol, never negative */
  readonly offset: bigint;
}

/** Finds the symbol that an address belongs to. */
export interface SymbolLookup {
  /** The nearest symbol at or below an address, or nothing when none is near enough. */
  nearest(address: bigint): SymbolOffset | undefined;
}

/**
 * How far a symbol reaches in a {@link SymbolTable} unless the next one begins before: 64 KiB, more than any
 * function.
 */
export const SYMBOL_REACH = 0x10000n;

/** Symbols sorted by address. Of several at one address the first given is the one that is shown. */
export class SymbolTable implements SymbolLookup {
  readonly #byName: ReadonlyMap<string, bigint>;
  /** one name per address */
  readonly #sorted: readonly (readonly [address: bigint, name: string])[];
  readonly #reach: bigint;

  /** @param reach how many bytes from a symbol its name is still used for. */
  constructor(symbols: Iterable<readonly [name: string, address: bigint]>, reach = SYMBOL_REACH) {
    this.#byName = new Map(symbols);
    const firstAt = new Map<bigint, string>();
    for (const [name, address] of this.#byName) if (!firstAt.has(address)) firstAt.set(address, name);
    this.#sorted = [...firstAt].sort(([a], [b]) => (a < b ? -1 : 1));
    this.#reach = reach;
  }

  /** The address of a symbol. */
  address(name: string): bigint | undefined {
    return this.#byName.get(name);
  }

  nearest(address: bigint): SymbolOffset | undefined {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle]?.[0] ?? 0n) <= address) low = middle + 1;
      else high = middle;
    }
    const found = this.#sorted[low - 1];
    if (found === undefined) return undefined;
    const [start, name] = found;
    return address - start < this.#reach ? { name, offset: address - start } : undefined;
  }

  /** `site+0x3`, or the address in hex where no symbol is near. */
  format(address: bigint): string {
    const found = this.nearest(address);
    return found === undefined ? `0x${address.toString(16)}` : formatSymbol(found);
  }
}

/** `site`, or `site+0x3` behind it. */
export function formatSymbol({ name, offset }: SymbolOffset): string {
  return offset === 0n ? name : `${name}+0x${offset.toString(16)}`;
}
