import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiveWords, SparseBlock } from '../../src/machine/sparse-block.js';

const LENGTH = 80;
const FIRST = 7;
const NO_STATE = 5;

/** Contents of the block: some words that are not 0, by index. */
const contents = fc.array(fc.tuple(fc.nat(LENGTH - 1), fc.integer({ min: -2, max: 2 })), { maxLength: 8 });

function fill(memory: Int32Array, words: readonly (readonly [number, number])[]): void {
  memory.fill(0, FIRST, FIRST + LENGTH);
  for (const [index, word] of words) memory[FIRST + index] = word;
}

/** What of the block is state. */
function state(memory: Int32Array): string {
  return [...memory.subarray(FIRST, FIRST + LENGTH)].map((word, i) => (i === NO_STATE ? '' : word)).join();
}

const newBlock = (memory: Int32Array): SparseBlock =>
  new SparseBlock(memory, FIRST, new LiveWords(LENGTH, (index) => index !== NO_STATE));

describe('A sparse block', () => {
  it('has equal contents if and only if its words are equal, in whatever order they came alive, and brings them back', () => {
    fc.assert(
      fc.property(fc.array(contents, { minLength: 1, maxLength: 12 }), fc.infiniteStream(fc.nat()), (all, numbers) => {
        const memory = new Int32Array(FIRST + LENGTH + 3).fill(9);
        const block = newBlock(memory);
        const out = new Int32Array(LENGTH);
        const known = new Map<string, string>();
        const kept: { readonly words: Int32Array; readonly state: string }[] = [];
        for (const words of all) {
          fill(memory, words);
          const length = block.read(out, LENGTH);
          const content = out.subarray(0, length).join();
          expect(known.get(content) ?? state(memory)).toBe(state(memory));
          expect([...known].filter(([, other]) => other === state(memory)).every(([one]) => one === content)).toBe(
            true,
          );
          known.set(content, state(memory));
          kept.push({ words: out.slice(0, length), state: state(memory) });
        }
        for (const number of numbers.take(10)) {
          const one = kept[number % kept.length];
          if (one === undefined) continue;
          block.write(Int32Array.from([1, 2, ...one.words]), 2, one.words.length);
          expect(state(memory)).toBe(one.state);
          expect(out.subarray(0, block.read(out, LENGTH)).join()).toBe(one.words.join());
        }
        // What lies around it is not touched.
        expect([...memory.subarray(0, FIRST), ...memory.subarray(FIRST + LENGTH)]).toEqual(Array(FIRST + 3).fill(9));
      }),
      { numRuns: 300 },
    );
  });

  it('need only be looked at as far as words may differ from 0', () => {
    const memory = new Int32Array(FIRST + LENGTH);
    const block = newBlock(memory);
    const out = new Int32Array(LENGTH);
    memory[FIRST + 60] = 4;
    expect(block.read(out, 61)).toBe(1);
    memory[FIRST + 2] = 3;
    // The last word is alive already.
    expect([block.read(out, 3), ...out.subarray(0, 2)]).toEqual([2, 4, 3]);
  });

  it('does not see, keep or change what is no state', () => {
    const memory = new Int32Array(FIRST + LENGTH);
    const block = newBlock(memory);
    const out = new Int32Array(LENGTH);
    memory[FIRST + NO_STATE] = 5;
    expect(block.read(out, LENGTH)).toBe(0);
    block.write(out, 0, 0);
    expect(memory[FIRST + NO_STATE]).toBe(5);
  });
});
