import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { decode } from '../../src/cpu/decode.js';
import { MAX_INSTRUCTION_LENGTH } from '../../src/cpu/decoded-instruction.js';
import { Random } from './random.js';

const DECODES = 1_000_000;
const MIB = 1 << 20;

/** Bytes of the memory of iced's WebAssembly instance. */
function icedMemory(): number {
  const iced: { __wasm?: { memory?: WebAssembly.Memory } } = createRequire(import.meta.url)('iced-x86');
  const memory = iced.__wasm?.memory;
  if (memory === undefined) throw new Error('iced-x86 does not show its memory any more');
  return memory.buffer.byteLength;
}

describe('decoding', () => {
  it(`keeps all memory bounded over ${DECODES} different byte strings`, () => {
    const random = new Random(1);
    const bytes = new Uint8Array(MAX_INSTRUCTION_LENGTH);
    const view = new DataView(bytes.buffer);
    const decodeMany = (count: number): void => {
      for (let i = 0; i < count; i++) {
        // Several shapes, with numbers that make each of them different.
        bytes.set(SHAPES[i % SHAPES.length] ?? []);
        view.setUint32(5, random.below(0x100000000));
        view.setUint32(10, i);
        decode(bytes);
      }
    };
    decodeMany(150_000);
    const [wasm, heap] = [icedMemory(), process.memoryUsage().heapUsed];
    decodeMany(DECODES - 150_000);
    expect(icedMemory()).toBe(wasm);
    expect(process.memoryUsage().heapUsed - heap).toBeLessThan(250 * MIB);
  });
});

/** Most of them cheap to decode: what must be freed is the same for all. */
const UNDEFINED = [0x06, 0x00, 0x00, 0x00, 0x00];
const SHAPES = [
  [0x48, 0xc7, 0x84, 0x24, 0x00], // movq $imm,disp(%rsp)
  [0xe8, 0x00, 0x00, 0x00, 0x00], // call
  [0x0f, 0xff, 0xc0, 0x00, 0x00], // ud0
  ...new Array<number[]>(17).fill(UNDEFINED),
];
