import { Int32List } from '../memory/int32-list.js';

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
  private all = new Int32List();
  private used = 0;
  /** By state: where its successors begin, plus 1; 0 of a state that was not looked at. Then how many there are. */
  private starts = new Int32List();
  private counts = new Int32List();
  private state = 0;

  /** What is added next comes after this state. */
  lookAt(state: number): void {
    this.state = state;
    this.starts.set(state, this.used + 1);
    this.counts.set(state, 0);
  }

  /** A state leads to the end of everything if and only if another one does: they differ in floors alone. */
  isLike(state: number, other: number): void {
    this.lookAt(state);
    this.add(other);
  }

  add(after: number): void {
    this.all.set(this.used++, after);
    this.counts.set(this.state, this.counts.at(this.state) + 1);
  }

  /** Those of a state; undefined if it was not looked at. */
  of(state: number): Int32Array | undefined {
    const start = this.starts.at(state);
    return start === 0 ? undefined : this.all.between(start - 1, start - 1 + this.counts.at(state));
  }

  /** @param count how many states there are */
  save(count: number): SavedSuccessors {
    const { all, used, starts, counts } = this;
    return { all: all.between(0, used), starts: starts.between(0, count), counts: counts.between(0, count) };
  }

  load({ all, starts, counts }: SavedSuccessors): void {
    this.all = new Int32List(all);
    this.used = all.length;
    this.starts = new Int32List(starts);
    this.counts = new Int32List(counts);
  }

  /** Bytes of memory in use. */
  get bytes(): number {
    return this.all.bytes + this.starts.bytes + this.counts.bytes;
  }
}
