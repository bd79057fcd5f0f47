import type { Move } from './move.js';

/** Room in a vector for numbers that come while it is in use. */
export const SPARE = 64;

/** The vector of a state that moves are made on. */
export class MovedVector {
  words = new Int32Array(SPARE);
  length = 0;

  /** Becomes the first `length` numbers of a vector. */
  copy(vector: Int32Array, length: number): this {
    if (length > this.words.length) this.words = new Int32Array(2 * length + SPARE);
    const { words } = this;
    for (let i = 0; i < length; i++) words[i] = vector[i] ?? 0;
    this.length = length;
    return this;
  }

  /** Becomes what a move makes of it. */
  apply({ parts, ids, at }: Move): this {
    return this.put(parts, ids, at);
  }

  /** Gives parts, which are in ascending order, the numbers that lie in a list from `at` on. */
  put(parts: readonly number[], ids: Move['ids'], at: number): this {
    this.reach((parts[parts.length - 1] ?? 0) + 1);
    const { words } = this;
    for (let i = 0; i < parts.length; i++) words[parts[i] ?? 0] = ids[at + i] ?? 0;
    return this;
  }

  /** Becomes as long, by zeros at its end. */
  reach(end: number): void {
    if (end > this.words.length) {
      const wider = new Int32Array(2 * end);
      wider.set(this.words.subarray(0, this.length));
      this.words = wider;
    }
    for (let i = this.length; i < end; i++) this.words[i] = 0;
    this.length = Math.max(this.length, end);
  }
}
