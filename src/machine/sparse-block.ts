import { grown } from '../memory/interned-words.js';

/** Of the words of blocks that are alike, those that were ever seen to be something else than 0, in the order of that. */
export class LiveWords {
  /** Their indexes inside a block. */
  private indexes = new Int32Array(32);
  /** How many there are. */
  count = 0;
  private readonly isLive: Uint8Array;
  /** By index: 1 more than where the word stands, or 0. */
  private readonly places: Int32Array;

  /** @param isState whether the word at an index inside a block belongs to its contents */
  constructor(length: number, isState: (index: number) => boolean = () => true) {
    this.isLive = Uint8Array.from({ length }, (_, index) => (isState(index) ? 0 : 1));
    this.places = new Int32Array(length);
  }

  /** Looks for words that are not 0 for the first time in a block of which `used` words may be. */
  look(memory: Int32Array, first: number, used: number): void {
    const { isLive } = this;
    for (let i = 0; i < used; i++) if (memory[first + i] !== 0 && isLive[i] === 0) this.enliven(i);
  }

  /** Reads the contents of a block into `out`: how many words they are, the last one of which is not 0. */
  read(memory: Int32Array, first: number, out: Int32Array): number {
    const { indexes, count } = this;
    let end = 0;
    for (let i = 0; i < count; i++) {
      const word = memory[first + (indexes[i] ?? 0)] ?? 0;
      out[i] = word;
      if (word !== 0) end = i + 1;
    }
    return end;
  }

  /** Puts back contents: `length` words from `words[at]` on. */
  write(memory: Int32Array, first: number, words: Int32Array, at: number, length: number): void {
    const { indexes, count } = this;
    for (let i = 0; i < length; i++) memory[first + (indexes[i] ?? 0)] = words[at + i] ?? 0;
    for (let i = length; i < count; i++) memory[first + (indexes[i] ?? 0)] = 0;
  }

  /** Where in contents a word of the block stands; -1 while it was always 0. */
  placeOf(index: number): number {
    return (this.places[index] ?? 0) - 1;
  }

  /** Their indexes inside a block, in that order. */
  save(): readonly number[] {
    return [...this.indexes.subarray(0, this.count)];
  }

  /** Takes over what {@link save} gave, in whose order the words so far must have come. */
  load(indexes: readonly number[]): void {
    for (const index of indexes) if (this.isLive[index] === 0) this.enliven(index);
  }

  private enliven(index: number): void {
    if (this.count === this.indexes.length) this.indexes = grown(this.indexes, this.count + 1);
    this.indexes[this.count++] = index;
    this.places[index] = this.count;
    this.isLive[index] = 1;
  }
}

/**
 * A block of 32-bit words of linear memory of which most are 0 for ever. Its contents are told by the words that were
 * ever seen to be something else, in the order in which that happened: the last one of a content is not 0, so that equal
 * blocks have equal contents whenever they were read.
 */
export class SparseBlock {
  /**
   * @param memory all of linear memory
   * @param first index of the block's first word
   * @param live shared with the blocks whose contents are to be comparable
   */
  constructor(
    private readonly memory: Int32Array,
    private readonly first: number,
    private readonly live: LiveWords,
  ) {}

  /**
   * Reads the contents into `out`, which has room for the whole block.
   * @param used how many words may differ from 0.
   * @returns how many words they are.
   */
  read(out: Int32Array, used: number): number {
    this.live.look(this.memory, this.first, used);
    return this.live.read(this.memory, this.first, out);
  }

  /** Puts back contents: `count` words from `words[at]` on. */
  write(words: Int32Array, at: number, count: number): void {
    this.live.write(this.memory, this.first, words, at, count);
  }
}
