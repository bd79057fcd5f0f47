import { grown } from '../memory/interned-words.js';

/** What {@link CurrentSuccessors.save} gives: successors, one state's after the other's, and by state where they begin, and how many. */
export interface SavedSuccessors {
  readonly all: Int32Array;
  readonly starts: Int32Array;
  readonly counts: Int32Array;
}

/**
 * What comes after states by moves that fetch what memory holds, as far as they were looked at: what the property
 * `progress` is about. Kept while the search goes on, so that nothing has to be done again for it.
 */
export class CurrentSuccessors {
  private all = new Int32Array(1 << 10);
  private used = 0;
  /** By state: where its successors begin, plus 1; 0 of a state that was not looked at. Then how many there are. */
  private starts = new Int32Array(1 << 9);
  private counts = new Int32Array(1 << 9);
  private state = 0;

  /** What is added next comes after this state. */
  lookAt(state: number): void {
    if (state >= this.starts.length) {
      this.starts = grown(this.starts, state + 1);
      this.counts = grown(this.counts, state + 1);
    }
    this.state = state;
    this.starts[state] = this.used + 1;
    this.counts[state] = 0;
  }

  /** A state leads to the end of everything if and only if another one does: they differ in floors alone. */
  isLike(state: number, other: number): void {
    this.lookAt(state);
    this.add(other);
  }

  add(after: number): void {
    if (this.used === this.all.length) this.all = grown(this.all, this.used + 1);
    this.all[this.used++] = after;
    this.counts[this.state] = (this.counts[this.state] ?? 0) + 1;
  }

  /** Those of a state; undefined if it was not looked at. */
  of(state: number): Int32Array | undefined {
    const start = this.starts[state] ?? 0;
    return start === 0 ? undefined : this.all.subarray(start - 1, start - 1 + (this.counts[state] ?? 0));
  }

  /** @param count how many states there are */
  save(count: number): SavedSuccessors {
    const ofStates = (words: Int32Array): Int32Array => {
      const out = new Int32Array(count);
      out.set(words.subarray(0, count));
      return out;
    };
    const { all, used, starts, counts } = this;
    return { all: all.subarray(0, used), starts: ofStates(starts), counts: ofStates(counts) };
  }

  load({ all, starts, counts }: SavedSuccessors): void {
    this.all = grown(all, 1 << 10);
    this.used = all.length;
    this.starts = grown(starts, 1 << 9);
    this.counts = grown(counts, 1 << 9);
  }

  /** Bytes of memory in use. */
  get bytes(): number {
    return this.all.byteLength + this.starts.byteLength + this.counts.byteLength;
  }
}
