/**
 * Mixes a 64-bit key and a 64-bit value into one 32-bit lane. Two lanes with different seeds make the 64-bit hashes of
 * the state: sums of such terms, so that a change costs one subtraction and one addition, and order does not matter.
 * The function is a murmur3-style avalanche over the four 32-bit halves; it is part of the format `xmc-state/1`.
 */
export function mixWord(seed: number, keyLow: number, keyHigh: number, low: number, high: number): number {
  let h = round(round(round(round(seed, keyLow), keyHigh), low), high);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}

function round(h: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  h ^= Math.imul(k, 0x1b873593);
  h = (h << 13) | (h >>> 19);
  return (Math.imul(h, 5) + 0xe6546b64) | 0;
}

/** Seeds of the two lanes of a state hash. */
export const LANE_SEEDS = [0x243f6a88, 0x13198a2e] as const;

/** A hash for tables in memory, word by word: start with anything, put each word in, and end. No format depends on it. */
export function putWord(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

/** The end of {@link putWord}. */
export function endHash(hash: number): number {
  const mixed = Math.imul(hash, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** The hash of the first `length` words. */
export function hashWords(words: Int32Array, length: number): number {
  let hash = 0;
  for (let i = 0; i < length; i++) hash = putWord(hash, words[i] ?? 0);
  return endHash(hash);
}

/** Puts a number into a table of open addressing: number + 1, or 0 where nothing is. A power of two long, never full. */
export function placeByHash(table: Int32Array, hash: number, number: number): void {
  const mask = table.length - 1;
  let at = hash & mask;
  while (table[at] !== 0) at = (at + 1) & mask;
  table[at] = number + 1;
}
