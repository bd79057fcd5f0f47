import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChangeList } from '../../src/memory/change-list.js';
import { Memory } from '../../src/memory/memory.js';
import { DATA, TEXT } from '../../src/memory/page.js';
import { LINE_WORDS } from '../../src/memory/written-words.js';
import { type Write, writes } from './writes.js';

const STARTS = [0x1000n, 0xffffffff81000000n] as const;

function newMemory(): Memory {
  const memory = new Memory(4);
  for (const [i, start] of STARTS.entries()) {
    const bytes = Uint8Array.from({ length: 0x2000 }, (_, at) => (at * 7) & 0xff);
    memory.map(start, 0x2000n, i === 0 ? { ...TEXT, write: true } : DATA, bytes);
  }
  return memory;
}

function store(memory: Memory, all: readonly Write[]): void {
  for (const { address, size, value } of all) memory.write(address, size, value);
}

const image = (memory: Memory): string => STARTS.map((start) => memory.bytes(start, 0x2000).join()).join('|');

/** All lines that were ever written, as text. */
function lines(memory: Memory): string[] {
  const out = new Int32Array(LINE_WORDS);
  return Array.from({ length: memory.written.lineCount }, (_, line) => {
    memory.written.readLine(line, out);
    return out.join();
  });
}

function changed(memory: Memory): Set<number> {
  const heard: number[] = [];
  memory.written.takeChangedLines((line) => heard.push(line));
  expect(new Set(heard).size).toBe(heard.length);
  return new Set(heard);
}

describe('Lines of written memory', () => {
  it('tell everything that differs from the beginning, and bring it back', () => {
    fc.assert(
      fc.property(writes(STARTS), writes(STARTS), (before, after) => {
        const memory = newMemory();
        store(memory, before);
        const wanted = image(memory);
        const kept = lines(memory).map((line) => Int32Array.from(line.split(',').map(Number)));
        store(memory, after);
        const nothing = new Int32Array(LINE_WORDS);
        for (let line = 0; line < memory.written.lineCount; line++)
          memory.written.writeLine(line, kept[line] ?? nothing, 0, (offset) => memory.restored(offset));
        expect(image(memory)).toBe(wanted);
        const fresh = newMemory();
        store(fresh, before);
        expect(memory.written.hash()).toEqual(fresh.written.hash());
      }),
      { numRuns: 60 },
    );
  });

  it('are heard of when they may have changed: no change is missed, nothing is told twice', () => {
    fc.assert(
      fc.property(fc.array(writes(STARTS), { maxLength: 5 }), (rounds) => {
        const memory = newMemory();
        let known: string[] = [];
        for (const round of rounds) {
          store(memory, round);
          const heard = changed(memory);
          const now = lines(memory);
          now.forEach((line, number) => {
            if (line !== (known[number] ?? new Int32Array(LINE_WORDS).join())) expect(heard).toContain(number);
          });
          known = now;
          expect(changed(memory).size).toBe(0);
          // The hash looks at changes on its own account.
          memory.written.hash();
          expect(changed(memory).size).toBe(0);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('are heard of when they are written with what they hold', () => {
    const memory = newMemory();
    store(memory, [{ address: 0x1008n, size: 1, value: 7n }]);
    changed(memory);
    const value = memory.read(0x1010n, 8);
    memory.write(0x1010n, 8, value);
    expect([...changed(memory)]).toEqual([0]);
  });

  it('are all heard of when somebody wants to look at everything', () => {
    const memory = newMemory();
    store(
      memory,
      [0x1000n, 0x1040n, 0xffffffff81000000n].map((address) => ({ address, size: 8, value: 1n })),
    );
    changed(memory);
    memory.written.allChanged();
    expect([...changed(memory)].sort()).toEqual([0, 1, 2]);
  });

  it('are numbered in the order of their first write, each once', () => {
    const memory = newMemory();
    store(
      memory,
      [0x1080n, 0x1000n, 0x1088n, 0x1040n].map((address) => ({ address, size: 8, value: 1n })),
    );
    const numbers = [0x1000n, 0x1040n, 0x10bfn, 0x10c0n].map((at) => memory.written.lineOf(memory.offsetOf(at)));
    expect(numbers).toEqual([1, 2, 0, undefined]);
  });
});

describe('A list of changes', () => {
  it('has each number once, in the order of its first change, until it is taken', () => {
    const list = new ChangeList();
    for (const number of [3, 1, 3, 2, 1]) list.add(number);
    const heard: number[] = [];
    list.take((number) => heard.push(number));
    list.take((number) => heard.push(-number));
    list.add(3);
    list.clear();
    list.add(1);
    list.take((number) => heard.push(number));
    expect(heard).toEqual([3, 1, 2, 1]);
  });
});
