import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Memory } from '../../src/memory/memory.js';
import { DATA, TEXT } from '../../src/memory/page.js';
import { type Write, writes } from './writes.js';

const STARTS = [0x1000n, 0x8000n] as const;

function newMemory(): Memory {
  const memory = new Memory(4);
  memory.map(STARTS[0], 0x2000n, { ...TEXT, write: true }, Uint8Array.of(1, 2, 3, 4, 5));
  memory.map(STARTS[1], 0x2000n, DATA, Uint8Array.of(6, 7, 8));
  return memory;
}

/** Everything that can be seen of a memory. */
function look(memory: Memory) {
  return {
    contents: STARTS.map((start) => Buffer.from(memory.bytes(start, 0x2000)).toString('hex')),
    hash: [...memory.written.hash()],
    text: memory.text.save(),
  };
}

const applyAll = (memory: Memory, list: readonly Write[]): void => {
  for (const { address, size, value } of list) memory.write(address, size, value);
};

describe('save and restore', () => {
  const memory = newMemory();
  const fresh = memory.save();
  const anyWrites = writes(STARTS);

  it('give back contents, hash and versions of text, whatever was written in between', () => {
    fc.assert(
      fc.property(anyWrites, anyWrites, (before, between) => {
        memory.restore(fresh);
        applyAll(memory, before);
        const wanted = look(memory);
        const saved = memory.save();
        applyAll(memory, between);
        memory.restore(saved);
        expect(look(memory)).toEqual(wanted);
      }),
      { seed: 1, numRuns: 25 },
    );
  });

  it('may be interleaved: any snapshot can be restored at any time, in any order', () => {
    const round = fc.record({ list: anyWrites, back: fc.nat({ max: 20 }) });
    fc.assert(
      fc.property(fc.array(round, { minLength: 1, maxLength: 8 }), (rounds) => {
        memory.restore(fresh);
        const saved = [{ snapshot: fresh, seen: look(memory) }];
        for (const { list, back } of rounds) {
          applyAll(memory, list);
          saved.push({ snapshot: memory.save(), seen: look(memory) });
          const chosen = saved[back % saved.length];
          if (chosen === undefined) continue;
          memory.restore(chosen.snapshot);
          expect(look(memory)).toEqual(chosen.seen);
        }
      }),
      { seed: 2, numRuns: 12 },
    );
  });

  it('make a memory go on like one that was never restored', () => {
    fc.assert(
      fc.property(anyWrites, anyWrites, anyWrites, (before, between, after) => {
        memory.restore(fresh);
        applyAll(memory, before);
        applyAll(memory, after);
        const wanted = look(memory);
        memory.restore(fresh);
        applyAll(memory, before);
        const saved = memory.save();
        applyAll(memory, between);
        memory.restore(saved);
        applyAll(memory, after);
        expect(look(memory)).toEqual(wanted);
      }),
      { seed: 3, numRuns: 25 },
    );
  });

  it('put back the initial value of words that were first written after the save', () => {
    const own = newMemory();
    const saved = own.save();
    own.write(0x8000n, 1, 99n);
    own.restore(saved);
    expect(own.bytes(0x8000n, 3)).toEqual(Uint8Array.of(6, 7, 8));
    expect(own.written.hash()).toEqual([0, 0]);
  });

  it('may reuse a snapshot that is not needed any more, if it fits', () => {
    const own = newMemory();
    own.write(0x8000n, 8, 1n);
    const old = own.save();
    own.write(0x8000n, 8, 2n);
    const reused = own.save(old);
    expect(reused.words).toBe(old.words);
    own.write(0x8010n, 8, 3n);
    const larger = own.save(reused);
    expect(larger.words).not.toBe(reused.words);
    own.restore(reused);
    expect([own.read(0x8000n, 8), own.read(0x8010n, 8)]).toEqual([2n, 0n]);
    own.restore(larger);
    expect([own.read(0x8000n, 8), own.read(0x8010n, 8)]).toEqual([2n, 3n]);
  });

  it('keep thousands of written words', () => {
    const own = new Memory(8);
    own.map(0x10000n, 0x8000n, DATA);
    const empty = own.save();
    for (let i = 0; i < 4096; i++) own.write(0x10000n + 8n * BigInt(i), 8, BigInt(i) + 1n);
    const full = own.save();
    const hash = [...own.written.hash()];
    own.restore(empty);
    expect(own.written.hash()).toEqual([0, 0]);
    own.restore(full);
    expect(own.written.hash()).toEqual(hash);
    expect(own.read(0x10000n + 8n * 4095n, 8)).toBe(4096n);
  });

  it('tell decoded instructions that their text changed, and only where it did', () => {
    const own = newMemory();
    const version = (address: bigint): number => own.linear.int32((own.offsetOf(address) >>> 6) << 2);
    const saved = own.save();
    own.write(0x1000n, 1, 0xccn);
    const [changed, untouched] = [version(0x1000n), version(0x1040n)];
    own.restore(saved);
    expect(version(0x1000n)).toBeGreaterThan(changed);
    expect(version(0x1040n)).toBe(untouched);
    const again = version(0x1000n);
    own.restore(saved);
    expect(version(0x1000n)).toBe(again);
  });
});
