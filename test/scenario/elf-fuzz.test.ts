import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { InputError } from '../../src/input-error.js';
import { ELF_MEMORY_LIMIT, type ElfImage, readElf } from '../../src/scenario/elf.js';
import { buildElf, withNumber } from './elf-builder.js';

const built = buildElf({
  segments: [
    { address: 0xffffffff81000000n, bytes: [0x90, 0xf4] },
    { address: 0xffffffff81001000n, bytes: [1, 2, 3], size: 64n, flags: 6 },
  ],
  symbols: [
    { name: 'worker', address: 0xffffffff81000000n, size: 2n },
    { name: 'count', address: 0xffffffff81001000n, size: 8n, type: 1 },
  ],
}).bytes;
const example = new Uint8Array(readFileSync(new URL('../../examples/crc-t10dif/crc-t10dif.elf', import.meta.url)));

type Mutation = (bytes: Uint8Array) => Uint8Array;

/** Where in a file of any length, as a share of it. Integers, because doubles between 0 and 1 are mostly tiny. */
const place = fc.integer({ min: 0, max: 1_000_000 }).map((millionths) => millionths / 1e6);
const at = (bytes: Uint8Array, share: number) => Math.floor(share * Math.max(bytes.length - 1, 0));

const flip = fc.tuple(place, fc.integer({ min: 0, max: 255 })).map(([share, value]): Mutation => {
  return (bytes) => (bytes.length === 0 ? bytes : withNumber(bytes, at(bytes, share), 1, value));
});

/** Numbers at the limits, at aligned offsets, where fields are. */
const extremes = [0n, 1n, 0xffffn, 1n << 26n, 1n << 31n, 0xffff_ffffn, 1n << 47n, 1n << 63n, (1n << 64n) - 1n];
const setField = fc
  .tuple(place, fc.constantFrom<(2 | 4 | 8)[]>(2, 4, 8), fc.oneof(fc.constantFrom(...extremes), fc.bigInt(0n, 20_000n)))
  .map(([share, width, value]): Mutation => {
    return (bytes) => {
      const offset = Math.floor(at(bytes, share) / width) * width;
      return offset + width > bytes.length ? bytes : withNumber(bytes, offset, width, value);
    };
  });

const truncate = place.map(
  (share): Mutation =>
    (bytes) =>
      bytes.subarray(0, at(bytes, share)),
);

/** Copy a piece of the file over another place, in between, or take it out. */
const splice = fc.tuple(place, place, place, fc.boolean()).map(([from, to, target, insert]): Mutation => {
  return (bytes) => {
    const piece = bytes.subarray(at(bytes, Math.min(from, to)), at(bytes, Math.max(from, to)));
    const start = at(bytes, target);
    return Uint8Array.from([
      ...bytes.subarray(0, start),
      ...piece,
      ...bytes.subarray(insert ? start : start + piece.length),
    ]);
  };
});

const mutations = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: flip },
    { weight: 6, arbitrary: setField },
    { weight: 1, arbitrary: truncate },
    { weight: 1, arbitrary: splice },
  ),
  { minLength: 1, maxLength: 4 },
);

function checkImage(image: ElfImage): void {
  let memory = 0n;
  let end = 0n;
  for (const { address, bytes, size } of image.segments) {
    if (address < end || size < 1n || BigInt(bytes.length) > size) throw new Error(`bad segment at ${address}`);
    end = address + size;
    memory += size;
  }
  if (memory > ELF_MEMORY_LIMIT || end > 1n << 64n) throw new Error(`${memory} bytes of memory up to ${end}`);
}

/** An image that keeps its promises or an InputError that names the file; anything else is thrown on. */
function readAnything(bytes: Uint8Array): 'read' | 'refused' {
  try {
    checkImage(readElf(bytes, 'fuzz.elf'));
    return 'read';
  } catch (error) {
    if (error instanceof InputError && error.location?.file === 'fuzz.elf' && error.message !== '') return 'refused';
    throw error;
  }
}

const limits = { seed: 20181005, interruptAfterTimeLimit: 30_000, markInterruptAsFailure: true };

describe('readElf on spoilt files', () => {
  it.each([
    { name: 'a small program', bytes: built, numRuns: 20_000 },
    { name: 'the CRC-T10DIF example', bytes: example, numRuns: 2_000 },
  ])('gives an image or an InputError, soon, for $name', ({ bytes, numRuns }) => {
    const outcomes = { read: 0, refused: 0 };
    const property = fc.property(mutations, (steps) => {
      outcomes[readAnything(steps.reduce((spoilt, step) => step(spoilt), bytes))]++;
    });
    fc.assert(property, { ...limits, numRuns });
    if (Math.min(outcomes.read, outcomes.refused) < numRuns / 20) throw new Error(JSON.stringify(outcomes));
  });

  it('gives an image or an InputError for arbitrary bytes after a good ELF header', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 512 }), (tail) => {
      readAnything(Uint8Array.from([...built.subarray(0, 64), ...tail]));
    });
    fc.assert(property, { ...limits, numRuns: 5_000 });
  });
});
