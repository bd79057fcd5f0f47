import fc from 'fast-check';
import { withNumber } from './elf-builder.js';

/** Spoils a copy of a file. */
export type Mutation = (bytes: Uint8Array) => Uint8Array;

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

/** One to four of them, one after the other. */
export const mutations = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: flip },
    { weight: 6, arbitrary: setField },
    { weight: 1, arbitrary: truncate },
    { weight: 1, arbitrary: splice },
  ),
  { minLength: 1, maxLength: 4 },
);
