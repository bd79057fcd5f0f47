import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSymbol, SYMBOL_REACH, SymbolTable } from '../../src/encoder/symbols.js';

describe('a symbol table', () => {
  const table = new SymbolTable([
    ['b', 0x2000n],
    ['a', 0x1000n],
    ['alias', 0x1000n],
    ['top', 0xffffffffffffff00n],
  ]);

  it('knows addresses by name', () => {
    expect(table.address('alias')).toBe(0x1000n);
    expect(table.address('c')).toBeUndefined();
  });

  it('finds the nearest symbol below, the first given of several at one address', () => {
    expect(table.nearest(0xfffn)).toBeUndefined();
    expect(table.nearest(0x1000n)).toEqual({ name: 'a', offset: 0n });
    expect(table.nearest(0x1fffn)).toEqual({ name: 'a', offset: 0xfffn });
    expect(table.nearest(0x2000n)).toEqual({ name: 'b', offset: 0n });
    expect(table.nearest(0xffffffffffffffffn)).toEqual({ name: 'top', offset: 0xffn });
  });

  it('does not reach further than its symbols do', () => {
    expect(table.nearest(0x2000n + SYMBOL_REACH - 1n)?.name).toBe('b');
    expect(table.nearest(0x2000n + SYMBOL_REACH)).toBeUndefined();
    expect(new SymbolTable([['a', 0n]], 4n).nearest(4n)).toBeUndefined();
  });

  it('writes addresses as symbol and distance', () => {
    expect(table.format(0x1000n)).toBe('a');
    expect(table.format(0x1003n)).toBe('a+0x3');
    expect(table.format(0x10n)).toBe('0x10');
    expect(formatSymbol({ name: 'site', offset: 0x10n })).toBe('site+0x10');
  });

  it('can be empty', () => {
    expect(new SymbolTable([]).nearest(0n)).toBeUndefined();
  });

  it('finds what looking at every symbol finds', () => {
    const address = fc.bigInt({ min: 0n, max: 300n });
    fc.assert(
      fc.property(fc.array(address), address, (addresses, wanted) => {
        const symbols = addresses.map((value, i) => [`s${i}`, value] as const);
        let best: { name: string; offset: bigint } | undefined;
        for (const [name, value] of symbols) {
          if (value <= wanted && (best === undefined || wanted - value < best.offset))
            best = { name, offset: wanted - value };
        }
        expect(new SymbolTable(symbols).nearest(wanted)).toEqual(best);
      }),
      { seed: 5 },
    );
  });
});
