import { describe, expect, it } from 'vitest';
import { LinearMemory } from '../../src/memory/linear-memory.js';

describe('linear memory', () => {
  const memory = new LinearMemory(100);

  it('is a whole number of WebAssembly pages', () => {
    expect(memory.wasm.buffer.byteLength).toBe(0x10000);
    expect(new LinearMemory(0x10001).u8).toHaveLength(0x20000);
  });

  it('reads and writes every size at every offset, little-endian and zero-extended', () => {
    for (const size of [1, 2, 4, 8]) {
      for (let offset = 16; offset < 24; offset++) {
        const value = BigInt.asUintN(8 * size, 0xf1e2d3c4b5a69788n);
        memory.u8.fill(0);
        memory.writeSized(offset, size, value);
        expect(memory.readSized(offset, size)).toBe(value);
        expect(memory.u8[offset]).toBe(0x88);
        expect(memory.u8[offset + size]).toBe(0);
      }
    }
  });

  it('writes the low bytes of a value that does not fit', () => {
    memory.writeSized(0, 1, 0x123n);
    memory.writeSized(2, 2, -1n);
    memory.writeSized(4, 4, 0x1_0000_0002n);
    memory.setUint64(8, -2n);
    expect([memory.readSized(0, 1), memory.readSized(2, 2), memory.readSized(4, 4)]).toEqual([0x23n, 0xffffn, 2n]);
    expect(memory.uint64(8)).toBe(0xfffffffffffffffen);
    expect(memory.int32(8)).toBe(-2);
  });

  it('knows no other sizes', () => {
    expect(() => memory.readSized(0, 3)).toThrow('access of 3 bytes');
    expect(() => memory.writeSized(0, 16, 0n)).toThrow('access of 16 bytes');
  });
});
