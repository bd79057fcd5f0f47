/** Numbers at indices from 0 on; all are 0 until they are set. */
export class Int32List {
  private words = new Int32Array(1 << 10);

  at(index: number): number {
    return this.words[index] ?? 0;
  }

  set(index: number, value: number): void {
    if (index >= this.words.length) {
      const longer = new Int32Array(Math.max(2 * this.words.length, index + 1));
      longer.set(this.words);
      this.words = longer;
    }
    this.words[index] = value;
  }

  /** Bytes of memory in use. */
  get bytes(): number {
    return this.words.byteLength;
  }
}
