import fc from 'fast-check';
import { withNumber } from '../scenario/elf-builder.js';

/** Spoils a copy of a file. */
export type ByteDamage = (bytes: Uint8Array) => Uint8Array;

/** Where in a file of any length, as a share of it. Integers, because doubles between 0 and 1 are mostly tiny. */
const place = fc.integer({ min: 0, max: 1_000_000 }).map((millionths) => millionths / 1e6);
const at = (bytes: Uint8Array, share: number) => Math.floor(share * Math.max(bytes.length - 1, 0));

const flip = fc.tuple(place, fc.integer({ min: 0, max: 255 })).map(([share, value]): ByteDamage => {
  return (bytes) => (bytes.length === 0 ? bytes : withNumber(bytes, at(bytes, share), 1, value));
});

/** Numbers at the limits, at aligned offsets, where fields are. */
const extremes = [0n, 1n, 0xffffn, 1n << 26n, 1n << 31n, 0xffff_ffffn, 1n << 47n, 1n << 63n, (1n << 64n) - 1n];
const setField = fc
  .tuple(place, fc.constantFrom<(2 | 4 | 8)[]>(2, 4, 8), fc.oneof(fc.constantFrom(...extremes), fc.bigInt(0n, 20_000n)))
  .map(([share, width, value]): ByteDamage => {
    return (bytes) => {
      const offset = Math.floor(at(bytes, share) / width) * width;
      return offset + width > bytes.length ? bytes : withNumber(bytes, offset, width, value);
    };
  });

const truncate = place.map(
  (share): ByteDamage =>
    (bytes) =>
      bytes.subarray(0, at(bytes, share)),
);

/** Copy a piece of the file over another place, in between, or take it out. */
const splice = fc.tuple(place, place, place, fc.boolean()).map(([from, to, target, insert]): ByteDamage => {
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

/** Nothing but the ELF header remains of the file, and anything follows. */
const replaceTail = fc.uint8Array({ maxLength: 512 }).map((tail): ByteDamage => {
  return (bytes) => Uint8Array.from([...bytes.subarray(0, 64), ...tail]);
});

/** One to four of them, one after the other. */
export const byteDamage: fc.Arbitrary<ByteDamage> = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: flip },
      { weight: 12, arbitrary: setField },
      { weight: 2, arbitrary: truncate },
      { weight: 2, arbitrary: splice },
      { weight: 1, arbitrary: replaceTail },
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((list) => (bytes) => list.reduce((spoilt, damage) => damage(spoilt), bytes));
