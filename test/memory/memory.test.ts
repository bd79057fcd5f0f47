import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/input-error.js';
import { LAYOUT, PAGE_SIZE } from '../../src/memory/layout.js';
import { Memory } from '../../src/memory/memory.js';
import { DATA, RODATA, TEXT } from '../../src/memory/page.js';

const PAGE = BigInt(PAGE_SIZE);
const TOP = 0xfffffffffffff000n;

function memoryWith(...mappings: Parameters<Memory['map']>[]): Memory {
  const memory = new Memory(16);
  for (const mapping of mappings) memory.map(...mapping);
  return memory;
}

describe('mapping', () => {
  it('maps every page that a range touches, and no other', () => {
    const memory = memoryWith([0x1ff8n, 0x1010n, DATA]);
    expect([0x0n, 0x1000n, 0x2000n, 0x3000n, 0x4000n].map((page) => memory.pageAt(page) !== undefined)).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  it('maps one page for one byte', () => {
    const memory = memoryWith([0x1fffn, 1n, DATA]);
    expect(memory.pageAt(0x1000n)).toBeDefined();
    expect(memory.pageAt(0x2000n)).toBeUndefined();
  });

  it('maps pages at both ends of the address space without filling what lies between', () => {
    const memory = memoryWith([0n, 8n, DATA, Uint8Array.of(1)], [TOP, PAGE, DATA, Uint8Array.of(2)]);
    expect(memory.read(0n, 1)).toBe(1n);
    expect(memory.read(TOP, 1)).toBe(2n);
    expect(memory.pageAt(PAGE)).toBeUndefined();
    expect(memory.pageAt(TOP - PAGE)).toBeUndefined();
  });

  it('fills pages with bytes, across a page boundary', () => {
    const bytes = Uint8Array.from({ length: 5000 }, (_, i) => i % 251);
    const memory = memoryWith([0x1f00n, 5000n, RODATA, bytes]);
    expect(memory.bytes(0x1f00n, 5000)).toEqual(bytes);
    expect(memory.bytes(0x1e00n, 0x100)).toEqual(new Uint8Array(0x100));
  });

  it('fills a page that is mapped already when the permissions agree', () => {
    const memory = memoryWith([0x1000n, 2n, TEXT, Uint8Array.of(1, 2)], [0x1008n, 2n, TEXT, Uint8Array.of(3, 4)]);
    expect(memory.bytes(0x1000n, 10)).toEqual(Uint8Array.of(1, 2, 0, 0, 0, 0, 0, 0, 3, 4));
  });

  it('refuses a page that is wanted with two permissions, naming both', () => {
    const memory = memoryWith([0x1000n, 1n, TEXT]);
    expect(() => memory.map(0x1800n, 1n, DATA)).toThrow(InputError);
    expect(() => memory.map(0x1800n, 1n, DATA)).toThrow('page 0x1000 is wanted rw- and r-x at once');
  });

  it('refuses more pages than it has room for', () => {
    const memory = new Memory(2);
    memory.map(0x1000n, 2n * PAGE, DATA);
    expect(() => memory.map(0x9000n, 1n, DATA)).toThrow('more than 2 pages');
    expect(() => memory.map(0x9000n, 1n, DATA)).toThrow(InputError);
  });

  it('refuses bytes that reach beyond the range', () => {
    expect(() => memoryWith([0x1fffn, 1n, DATA, new Uint8Array(2)])).toThrow('nothing is mapped at 0x2000');
  });
});

describe('looking up addresses', () => {
  const memory = memoryWith([0x1000n, 1n, TEXT], [0x2000n, 1n, RODATA], [0x3000n, 1n, DATA]);

  it('gives a place only to accesses that the page allows', () => {
    const allowed = (address: bigint): string[] =>
      (['read', 'write', 'execute'] as const).filter((access) => memory.translate(address, access) !== 0);
    expect(allowed(0x1123n)).toEqual(['read', 'execute']);
    expect(allowed(0x2123n)).toEqual(['read']);
    expect(allowed(0x3123n)).toEqual(['read', 'write']);
    expect(allowed(0x4123n)).toEqual([]);
  });

  it('keeps the offset inside the page, and leads back to the address', () => {
    const offset = memory.translate(0x2abcn, 'read');
    expect(offset & (PAGE_SIZE - 1)).toBe(0xabc);
    expect(offset).toBeGreaterThanOrEqual(LAYOUT.pool);
    expect(memory.addressOf(offset)).toBe(0x2abcn);
    expect(memory.pageOf(offset)).toBe(memory.pageAt(0x2000n));
    expect(memory.offsetOf(0x2abcn)).toBe(offset);
  });

  it('says what is not mapped', () => {
    expect(() => memory.offsetOf(0x4123n)).toThrow('nothing is mapped at 0x4123');
    expect(() => memory.bytes(0x3fffn, 2)).toThrow('nothing is mapped at 0x4000');
  });
});

describe('reading and writing', () => {
  it('is little-endian at every size and offset', () => {
    const memory = memoryWith([0x1000n, PAGE, DATA]);
    memory.write(0x1003n, 8, 0x1122334455667788n);
    expect(memory.bytes(0x1003n, 8)).toEqual(Uint8Array.of(0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11));
    expect(memory.read(0x1003n, 1)).toBe(0x88n);
    expect(memory.read(0x1004n, 2)).toBe(0x6677n);
    expect(memory.read(0x1005n, 4)).toBe(0x33445566n);
    expect(memory.read(0x1003n, 8)).toBe(0x1122334455667788n);
  });

  it('writes the low bytes of a value and leaves the neighbours alone', () => {
    const memory = memoryWith([0x1000n, 16n, DATA, new Uint8Array(16).fill(0xee)]);
    memory.write(0x1004n, 2, 0x123456789n);
    expect(memory.bytes(0x1002n, 6)).toEqual(Uint8Array.of(0xee, 0xee, 0x89, 0x67, 0xee, 0xee));
  });

  it.each([2, 4, 8])('crosses pages that do not lie next to each other in the pool, with %i bytes', (size) => {
    const memory = memoryWith([0x2000n, 1n, DATA], [0x8000n, 1n, DATA], [0x1000n, 1n, DATA]);
    const value = BigInt.asUintN(8 * size, 0x1122334455667788n);
    for (let before = 1; before < size; before++) {
      const address = 0x2000n - BigInt(before);
      memory.write(address, size, value);
      expect(memory.read(address, size)).toBe(value);
      expect(memory.read(0x2000n, 1)).toBe((value >> BigInt(8 * before)) & 0xffn);
    }
  });

  it('wraps around at the end of the address space', () => {
    const memory = memoryWith([TOP, PAGE, DATA], [0n, PAGE, DATA]);
    memory.write(0xfffffffffffffffen, 4, 0xaabbccddn);
    expect(memory.read(0xfffffffffffffffen, 4)).toBe(0xaabbccddn);
    expect(memory.read(0n, 2)).toBe(0xaabbn);
  });
});

describe('writing words', () => {
  const words = [0x1111111111111111n, 0x2222222222222222n, 0x3333333333333333n];

  it.each([
    ['inside a page', 0x1100n],
    ['across pages', 0x1ff8n],
    ['unaligned across pages', 0x1ff4n],
    ['to text', 0x3000n],
    ['to a page that may not be written', 0x4000n],
  ])('is the same as writing them one by one, %s', (_, address) => {
    const make = (): Memory =>
      memoryWith(
        [0x2000n, 1n, DATA],
        [0x1000n, 1n, DATA],
        [0x3000n, 1n, { ...TEXT, write: true }],
        [0x4000n, 1n, RODATA],
      );
    const [together, single] = [make(), make()];
    together.writeWords(address, words);
    words.forEach((word, i) => {
      single.write(address + 8n * BigInt(i), 8, word);
    });
    expect(together.bytes(address, 24)).toEqual(single.bytes(address, 24));
    expect(together.written.hash()).toEqual(single.written.hash());
    expect(together.text.save()).toEqual(single.text.save());
  });
});

describe('clearing', () => {
  it('leaves nothing mapped, nothing written, time 0 and the initial hash', () => {
    const memory = memoryWith([0x1000n, 1n, { ...TEXT, write: true }], [0x2000n, 1n, DATA]);
    memory.write(0x1004n, 4, 0xffffffffn);
    memory.write(0x2004n, 4, 0xffffffffn);
    memory.clear();
    expect(memory.pageAt(0x1000n)).toBeUndefined();
    expect(memory.text.now).toBe(0);
    expect(memory.written.size).toBe(0);
    expect(memory.written.hash()).toEqual([0, 0]);
  });

  it('gives zeroed pages afterwards, and writes count anew', () => {
    const memory = memoryWith([0x1000n, 1n, { ...TEXT, write: true }, Uint8Array.of(1, 2, 3)]);
    memory.write(0x1000n, 2, 0x9999n);
    memory.clear();
    memory.map(0x7000n, 1n, DATA);
    expect(memory.read(0x7000n, 8)).toBe(0n);
    memory.write(0x7000n, 8, 5n);
    expect([...memory.written.entries()]).toMatchObject([{ address: 0x7000n, value: 5n, initial: 0n }]);
    expect(memory.text.versionsOf(memory.offsetOf(0x7000n))).toBeUndefined();
  });

  it('frees the room of all pages', () => {
    const memory = new Memory(2);
    for (let round = 0; round < 3; round++) {
      memory.map(0x1000n, 2n * PAGE, DATA);
      memory.clear();
    }
    expect(memory.pageAt(0x1000n)).toBeUndefined();
  });
});
