import { describe, expect, it } from 'vitest';
import { Memory } from '../../src/memory/memory.js';
import { DATA, TEXT } from '../../src/memory/page.js';
import { TextVersions } from '../../src/memory/text-versions.js';

const SITE = 0x1ffen;

function memoryWithText(): Memory {
  const memory = new Memory(4);
  memory.map(
    0x1000n,
    0x2000n,
    TEXT,
    Uint8Array.from({ length: 0x2000 }, (_, i) => i & 0xff),
  );
  memory.map(0x3000n, 1n, DATA);
  return memory;
}

const versions = (memory: Memory, address: bigint) => memory.text.versionsOf(memory.offsetOf(address));

describe('a store to text', () => {
  it('is one event however many bytes and pages it has', () => {
    const memory = memoryWithText();
    memory.storeBytes(SITE, Uint8Array.of(0xe8, 0x11, 0x22, 0x33, 0x44));
    expect(memory.text.now).toBe(1);
    expect(memory.bytes(SITE, 5)).toEqual(Uint8Array.of(0xe8, 0x11, 0x22, 0x33, 0x44));
    for (const [i, value] of [0xe8, 0x11, 0x22, 0x33, 0x44].entries()) {
      const initial = (0xffe + i) & 0xff;
      expect(versions(memory, SITE + BigInt(i))).toEqual([
        { time: 0, value: initial },
        { time: 1, value },
      ]);
    }
  });

  it('is the same event by value', () => {
    const [byBytes, byValue] = [memoryWithText(), memoryWithText()];
    byBytes.storeBytes(SITE, Uint8Array.of(0xaa, 0xbb, 0xcc, 0xdd));
    byValue.write(SITE, 4, 0xddccbbaan);
    expect(byValue.text.save()).toEqual(byBytes.text.save());
    expect(byValue.written.hash()).toEqual(byBytes.written.hash());
  });

  it('adds a version to each byte with each event', () => {
    const memory = memoryWithText();
    for (const value of [0xcc, 0x0f, 0x90]) memory.storeBytes(0x1010n, Uint8Array.of(value));
    expect(versions(memory, 0x1010n)?.map(({ time, value }) => [time, value])).toEqual([
      [0, 0x10],
      [1, 0xcc],
      [2, 0x0f],
      [3, 0x90],
    ]);
    expect(memory.text.timeOf(memory.offsetOf(0x1010n))).toBe(3);
    expect(memory.text.timeOf(memory.offsetOf(0x1011n))).toBe(0);
  });

  it('makes versions of the bytes that it changes only, and no event when it changes none', () => {
    const memory = memoryWithText();
    memory.storeBytes(0x1010n, Uint8Array.of(0x10, 0x11, 0x12));
    expect(memory.text.now).toBe(0);
    memory.storeBytes(0x1010n, Uint8Array.of(0x10, 0xff, 0x12));
    expect(memory.text.now).toBe(1);
    expect([0x1010n, 0x1011n, 0x1012n].map((at) => versions(memory, at)?.length)).toEqual([undefined, 2, undefined]);
  });

  it('tells who listens, with what was there before', () => {
    const memory = memoryWithText();
    const heard: unknown[] = [];
    memory.onTextStore = (address, before, after, time) => heard.push({ address, before, after, time });
    memory.storeBytes(SITE, Uint8Array.of(1, 2, 3));
    memory.write(0x3000n, 8, 1n);
    expect(heard).toEqual([
      { address: SITE, before: Uint8Array.of(0xfe, 0xff, 0x00), after: Uint8Array.of(1, 2, 3), time: 1 },
    ]);
  });
});

describe('the text times of bytes', () => {
  it('are those of their current versions, across pages too', () => {
    const memory = memoryWithText();
    memory.storeBytes(SITE, Uint8Array.of(1));
    memory.storeBytes(SITE + 2n, Uint8Array.of(2, 3));
    expect(memory.textTimes(SITE - 1n, 6)).toEqual([0, 1, 0, 2, 2, 0]);
    expect(memory.textTimes(SITE, 0)).toEqual([]);
  });
});

describe('a store to data', () => {
  it('makes no event and no version', () => {
    const memory = memoryWithText();
    memory.write(0x3000n, 8, 1n);
    memory.storeBytes(0x3010n, Uint8Array.of(1, 2));
    expect(memory.text.now).toBe(0);
    expect(versions(memory, 0x3000n)).toBeUndefined();
  });

  it('that begins in text is one event with versions of the text bytes', () => {
    const memory = memoryWithText();
    memory.write(0x2ffcn, 8, 0x1122334455667788n);
    expect(memory.text.now).toBe(1);
    expect(versions(memory, 0x2fffn)).toHaveLength(2);
    expect(versions(memory, 0x3000n)).toBeUndefined();
    expect(memory.read(0x2ffcn, 8)).toBe(0x1122334455667788n);
  });
});

describe('versions that no CPU can fetch any more', () => {
  const stores = [
    [1, 10, 11],
    [2, 20, 21],
    [1, 11, 12],
    [1, 12, 13],
  ] as const;

  function text(floor: number): TextVersions {
    const versions = new TextVersions();
    versions.floor = floor;
    for (const [offset, before, after] of stores) {
      versions.advance();
      versions.record(offset, before, after);
    }
    return versions;
  }
  const values = (versions: TextVersions, offset: number) => versions.versionsOf(offset)?.map(({ value }) => value);

  it('are forgotten at the next store to the byte, but for the newest one at or before the floor', () => {
    expect(values(text(1), 1)).toEqual([11, 12, 13]);
    expect(values(text(2), 1)).toEqual([11, 12, 13]);
    expect(values(text(3), 1)).toEqual([12, 13]);
    expect(values(text(3), 2)).toEqual([20, 21]);
  });

  it('all stay when the floor is the beginning', () => {
    expect(values(text(0), 1)).toEqual([10, 11, 12, 13]);
  });

  it('leave the one before and the current one when every CPU fetches coherently', () => {
    expect(values(text(Number.POSITIVE_INFINITY), 1)).toEqual([12, 13]);
  });

  it('do not change what a snapshot saved', () => {
    const versions = text(0);
    const saved = versions.save();
    versions.floor = 4;
    versions.advance();
    versions.record(1, 13, 14);
    expect(values(versions, 1)).toEqual([13, 14]);
    versions.restore(saved);
    expect(versions.now).toBe(4);
    expect(values(versions, 1)).toEqual([10, 11, 12, 13]);
  });
});
