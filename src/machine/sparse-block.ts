import { grown } from '../memory/interned-words.js';

/**
 * A block of 32-bit words of linear memory of which most are 0 for ever. Its contents are told by the words that were
 * ever seen to be something else, in the order in which that happened: the last one of a content is not 0, so that equal
 * blocks have equal contents whenever they were read.
 */
export class SparseBlock {
  /** Indexes of the words that were seen to be something else than 0. */
  private live = new Int32Array(32);
  private liveCount = 0;
  private readonly isLive: Uint8Array;

  /**
   * @param memory all of linear memory
   * @param first index of the block's first word
   * @param isState whether the word at an index inside the block belongs to its contents
   */
  constructor(
    private readonly memory: Int32Array,
    private readonly first: number,
    length: number,
    isState: (index: number) => boolean = () => true,
  ) {
    this.isLive = Uint8Array.from({ length }, (_, index) => (isState(index) ? 0 : 1));
  }

  /**
   * Reads the contents into `out`, which has room for the whole block.
   * @param used how many words may differ from 0.
   * @returns how many words they are.
   */
  read(out: Int32Array, used: number): number {
    const { memory, first, isLive } = this;
    for (let i = 0; i < used; i++) if (memory[first + i] !== 0 && isLive[i] === 0) this.enliven(i);
    const { live, liveCount } = this;
    let end = 0;
    for (let i = 0; i < liveCount; i++) {
      const word = memory[live[i] ?? 0] ?? 0;
      out[i] = word;
      if (word !== 0) end = i + 1;
    }
    return end;
  }

  /** Puts back contents: `count` words from `words[at]` on. */
  write(words: Int32Array, at: number, count: number): void {
    const { memory, live, liveCount } = this;
    for (let i = 0; i < count; i++) memory[live[i] ?? 0] = words[at + i] ?? 0;
    for (let i = count; i < liveCount; i++) memory[live[i] ?? 0] = 0;
  }

  private enliven(index: number): void {
    if (this.liveCount === this.live.length) this.live = grown(this.live, this.liveCount + 1);
    this.live[this.liveCount++] = this.first + index;
    this.isLive[index] = 1;
  }
}
