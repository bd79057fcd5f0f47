import fc from 'fast-check';

/** A store of 1, 2, 4 or 8 bytes. */
export interface Write {
  readonly address: bigint;
  readonly size: number;
  readonly value: bigint;
}

/** Random stores to the two pages at each of some addresses: most of them to a few words and to the page boundary. */
export function writes(starts: readonly bigint[]): fc.Arbitrary<Write[]> {
  const offset = fc.oneof(
    fc.bigInt({ min: 0n, max: 40n }),
    fc.bigInt({ min: 0xff8n, max: 0x1008n }),
    fc.bigInt({ min: 0n, max: 0x1ff8n }),
  );
  const write = fc
    .record({
      start: fc.constantFrom(...starts),
      offset,
      size: fc.constantFrom(1, 2, 4, 8),
      value: fc.oneof(fc.bigInt({ min: 0n, max: 3n }), fc.bigInt({ min: 0n, max: 0xffffffffffffffffn })),
    })
    .map(({ start, offset: at, size, value }) => ({
      address: start + at,
      size,
      value: BigInt.asUintN(8 * size, value),
    }));
  return fc.array(write, { maxLength: 40 });
}
