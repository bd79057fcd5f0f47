import { hashWords, placeByHash } from './word-hash.js';

/**
 * Sequences of 32-bit words, each kept once and known by a number: the parts that many states have in common (the COLLAPSE
 * compression of SPIN; Holzmann, "State compression in SPIN", 1997). Numbers count from 0 in the order of first sight;
 * equal number means equal words, without exception: words are compared, not hashes.
 */
export class InternedWords {
  /** All sequences, one after the other. */
  words = new Int32Array(1 << 14);
  private used = 0;
  /** Where each sequence begins in {@link words}; the next one's beginning is its end. */
  private starts = new Int32Array(1 << 8);
  private hashes = new Int32Array(1 << 8);
  /** Open addressing: number + 1, or 0. A power of two long and at most half full. */
  private table = new Int32Array(1 << 9);
  /** How many sequences there are. */
  count = 0;

  /** The number of the first `length` words of `source`. */
  intern(source: Int32Array, length: number): number {
    const hash = hashWords(source, length);
    const { table } = this;
    const mask = table.length - 1;
    let at = hash & mask;
    for (let entry = table[at] ?? 0; entry !== 0; entry = table[at] ?? 0) {
      if (this.hashes[entry - 1] === hash && this.isAt(entry - 1, source, length)) return entry - 1;
      at = (at + 1) & mask;
    }
    return this.add(source, length, hash, at);
  }

  /** Where in {@link words} the sequence of a number begins. */
  start(number: number): number {
    return this.starts[number] ?? 0;
  }

  /** How many words it has. */
  lengthOf(number: number): number {
    return (this.starts[number + 1] ?? 0) - (this.starts[number] ?? 0);
  }

  /** All sequences from a number on, one after the other, and how long each is. */
  save(from = 0): { readonly words: Int32Array; readonly lengths: Int32Array } {
    const lengths = Int32Array.from({ length: this.count - from }, (_, i) => this.lengthOf(from + i));
    return { words: this.words.subarray(this.starts[from] ?? 0, this.used), lengths };
  }

  /** Interns what {@link save} gave, in whose order the sequences so far must have come. */
  load({ words, lengths }: ReturnType<InternedWords['save']>): void {
    let at = 0;
    lengths.forEach((length, number) => {
      if (this.intern(words.subarray(at, at + length), length) !== number) throw new Error('the words are others');
      at += length;
    });
  }

  /** Bytes of memory in use. */
  get bytes(): number {
    return 4 * (this.words.length + this.starts.length + this.hashes.length + this.table.length);
  }

  private isAt(number: number, source: Int32Array, length: number): boolean {
    const { words, starts } = this;
    const start = starts[number] ?? 0;
    if ((starts[number + 1] ?? 0) - start !== length) return false;
    for (let i = 0; i < length; i++) if (words[start + i] !== source[i]) return false;
    return true;
  }

  private add(source: Int32Array, length: number, hash: number, at: number): number {
    const number = this.count++;
    if (this.used + length > this.words.length) this.words = grown(this.words, this.used + length);
    if (number + 1 >= this.starts.length) {
      this.starts = grown(this.starts, number + 2);
      this.hashes = grown(this.hashes, number + 2);
    }
    for (let i = 0; i < length; i++) this.words[this.used + i] = source[i] ?? 0;
    this.used += length;
    this.starts[number + 1] = this.used;
    this.hashes[number] = hash;
    this.table[at] = number + 1;
    if (2 * this.count > this.table.length) this.rehash();
    return number;
  }

  private rehash(): void {
    const table = new Int32Array(2 * this.table.length);
    for (let number = 0; number < this.count; number++) placeByHash(table, this.hashes[number] ?? 0, number);
    this.table = table;
  }
}

/** A copy at least twice as long. */
export function grown(array: Int32Array, least: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(2 * array.length, least));
  larger.set(array);
  return larger;
}
