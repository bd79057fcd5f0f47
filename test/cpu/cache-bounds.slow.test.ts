import { describe, expect, it } from 'vitest';
import { BoundedCache } from '../../src/cpu/bounded-cache.js';
import { DECODE_CACHE, decode } from '../../src/cpu/decode.js';
import { COHERENT } from '../../src/cpu/fetch.js';
import { MAX_RECORDS, RECORD, RECORD_SIZE } from '../../src/cpu/record.js';
import { RecordCache } from '../../src/cpu/record-cache.js';
import { LAYOUT, MAX_CPUS } from '../../src/memory/layout.js';
import { Memory } from '../../src/memory/memory.js';
import { TEXT } from '../../src/memory/page.js';

describe('a bounded cache', () => {
  it('holds as many keys as its limit, and starts anew with the next', () => {
    const cache = new BoundedCache<number, string>(3);
    for (const key of [1, 2, 3]) cache.set(key, `${key}`);
    cache.set(2, 'two');
    expect([1, 2, 3].map((key) => cache.get(key))).toEqual(['1', 'two', '3']);
    cache.set(4, '4');
    expect([1, 2, 3, 4].map((key) => cache.get(key))).toEqual([undefined, undefined, undefined, '4']);
    expect(cache.size).toBe(1);
  });
});

describe('what bytes were decoded to', () => {
  it('is kept for 65,536 byte strings at most', () => {
    expect(DECODE_CACHE.limit).toBe(65_536);
    // mov $imm32,%eax
    const bytes = Uint8Array.of(0xb8, 0, 0, 0, 0);
    const view = new DataView(bytes.buffer);
    const immediate = (value: number) => {
      view.setUint32(1, value);
      return decode(bytes);
    };
    const sizes: number[] = [];
    let kept = 0;
    for (let value = 0; value < 70_000; value++) {
      const first = immediate(value);
      sizes.push(DECODE_CACHE.size);
      if (immediate(value) === first) kept++;
    }
    expect(kept).toBe(sizes.length);
    expect(sizes.reduce((most, size) => Math.max(most, size))).toBe(DECODE_CACHE.limit);
    // It was full when another came, and began anew with that one.
    expect(sizes[sizes.indexOf(DECODE_CACHE.limit) + 1]).toBe(1);
  });
});

describe('decode records', () => {
  const CODE = 0x10000n;
  const PAGES = 24;
  const NOPS = 4096 * PAGES;

  /** Records of nops, one for each address, of CPUs in turn. */
  function recordsOf(count: number, capacity?: number) {
    const memory = new Memory(PAGES);
    memory.map(CODE, BigInt(NOPS), TEXT, new Uint8Array(NOPS).fill(0x90));
    const cache = new RecordCache(memory, COHERENT, capacity);
    return {
      memory,
      cache,
      records: Array.from({ length: count }, (_, i) => cache.find(i % MAX_CPUS, CODE + BigInt(i))),
    };
  }

  it('lie in as many places as there may be of them, and no byte beyond is written', () => {
    const { memory, records } = recordsOf(1000, 7);
    const places = Array.from({ length: 7 }, (_, i) => LAYOUT.records + i * RECORD_SIZE);
    expect(records).toEqual(records.map((_, i) => places[i % 7]));
    const { u8 } = memory.linear;
    expect(u8.subarray(LAYOUT.records + 7 * RECORD_SIZE, LAYOUT.pool).every((byte) => byte === 0)).toBe(true);
  });

  it('are of the address that was asked for, also when the cache has started anew', () => {
    const { memory, cache } = recordsOf(1000, 7);
    for (const i of [999, 998, 3, 500, 999]) {
      const record = cache.find(i % MAX_CPUS, CODE + BigInt(i));
      expect(memory.linear.uint64(record + RECORD.rip)).toBe(CODE + BigInt(i));
      expect(memory.linear.int32(record + RECORD.cpu)).toBe(i % MAX_CPUS);
    }
  });

  it('fill the room in front of the pages of memory and never reach into them', () => {
    expect(NOPS).toBeGreaterThan(MAX_RECORDS);
    const { memory, records } = recordsOf(NOPS);
    const room = LAYOUT.pool - LAYOUT.records;
    expect(records.reduce((last, record) => Math.max(last, record)) + RECORD_SIZE - LAYOUT.records).toBe(
      MAX_RECORDS * RECORD_SIZE,
    );
    expect(room - MAX_RECORDS * RECORD_SIZE).toBeGreaterThanOrEqual(0);
    expect(room - MAX_RECORDS * RECORD_SIZE).toBeLessThan(RECORD_SIZE);
    expect(new Set(records).size).toBe(MAX_RECORDS);
    expect(memory.bytes(CODE, NOPS).every((byte) => byte === 0x90)).toBe(true);
  });
});
