import { grown } from './interned-words.js';

/** Numbers at indices from 0 on; all are 0 until they are set. */
export class Int32List {
  private words: Int32Array;

  /** @param begin those at the first indices */
  constructor(begin: Int32Array = new Int32Array(0)) {
    this.words = grown(begin, 1 << 10);
  }

  at(index: number): number {
    return this.words[index] ?? 0;
  }

  set(index: number, value: number): void {
    this.reach(index + 1);
    this.words[index] = value;
  }

  /** Those from one index to before another, no copy: to be read before anything is set. */
  between(from: number, to: number): Int32Array {
    this.reach(to);
    return this.words.subarray(from, to);
  }

  /** Bytes of memory in use. */
  get bytes(): number {
    return 4 * this.words.length;
  }

  private reach(length: number): void {
    if (length > this.words.length) this.words = grown(this.words, length);
  }
}
