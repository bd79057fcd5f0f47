import type { Renaming } from '../machine/renaming.js';
import type { Move } from './move.js';
import { MovedVector, SPARE } from './moved-vector.js';
import type { StateTable } from './state-table.js';

/** The vector of the state that somebody is at, and of the one that a move makes of it. */
export class StateAtHand {
  words = new Int32Array(64);
  length = 0;
  /** What represents the state after the move. */
  readonly next = new MovedVector();
  /** How CPUs were renamed for that. */
  renaming: Renaming | undefined;
  private state = -1;

  /**
   * @param of where the states are
   * @param again finds the vector of a state that was dropped there
   * @param represent makes a vector one that represents it
   */
  constructor(
    private readonly of: { readonly states: StateTable },
    private readonly again: (state: number) => MovedVector,
    private readonly represent: (vector: MovedVector) => Renaming | undefined,
  ) {}

  /** Goes to a state. */
  load(state: number): void {
    const { states } = this.of;
    if (this.state === state && this.length === states.length) return;
    this.length = states.length;
    if (this.length + SPARE > this.words.length) this.words = new Int32Array(2 * this.length + SPARE);
    if (states.vectors.has(state)) states.read(state, this.words);
    else this.words.fill(0).set(this.again(state).words.subarray(0, this.length));
    this.state = state;
  }

  /** States have other numbers now. */
  forget(): void {
    this.state = -1;
  }

  /** Makes {@link next} of a state: some parts, in ascending order, get the numbers that lie in `ids` from `at` on. */
  move(state: number, parts: readonly number[], ids: Move['ids'], at: number): void {
    this.load(state);
    this.next.copy(this.words, this.length).put(parts, ids, at);
    this.renaming = this.represent(this.next);
  }
}
