import type { Machine } from '../../machine/machine.js';
import type { Move, MoveSource } from '../move.js';
import { MovedVector } from '../moved-vector.js';
import type { Symmetry } from './symmetry.js';

/** One of so many states is looked at under other names as well. */
const CHECKED_STATE = 61;

/**
 * Does the moves of a sample of states with CPUs renamed, and compares: whoever asks for the number of a CPU without
 * having declared it is found out so.
 */
export class SymmetryCheck {
  /** What depends on a CPU's number, in words. */
  found: string | undefined;
  /** How many states were compared. */
  checked = 0;
  private looked = 0;
  private readonly renamed = new MovedVector();
  private readonly one = new MovedVector();
  private readonly other = new MovedVector();

  constructor(
    private readonly symmetry: Symmetry,
    private readonly source: MoveSource,
    private readonly machine: Machine,
    private readonly every = CHECKED_STATE,
  ) {}

  /** Looks at a state, or not. */
  look(state: Int32Array, length: number): void {
    if (++this.looked % this.every !== 0) return;
    const all = [...this.symmetry.all()];
    const renaming = all[++this.checked % all.length];
    if (renaming === undefined) return;
    this.renamed.copy(state, length);
    this.symmetry.states.rename(this.renamed, renaming);
    const { words, length: renamedLength } = this.renamed;
    for (let cpu = 0; cpu < this.machine.cpuCount; cpu++) {
      const moves = this.source.moves(state, length, cpu).list;
      const theirs = this.source.moves(words, renamedLength, renaming.renaming.cpu(cpu)).list;
      for (let i = 0; i < Math.max(moves.length, theirs.length); i++) {
        if (this.isSame(state, length, moves[i], theirs[i])) continue;
        this.found ??= `a step of CPU ${cpu} (${(moves[i] ?? theirs[i])?.step.kind}) depends on the number of its CPU`;
      }
    }
  }

  private isSame(state: Int32Array, length: number, move: Move | undefined, theirs: Move | undefined): boolean {
    if (move === undefined || theirs === undefined) return false;
    if (move.violation?.property !== theirs.violation?.property) return false;
    if (move.violation !== undefined) return true;
    const one = this.one.copy(state, length).apply(move);
    const other = this.other.copy(this.renamed.words, this.renamed.length).apply(theirs);
    this.symmetry.represent(one);
    this.symmetry.represent(other);
    // To represent a state may have made vectors longer.
    one.reach(other.length);
    other.reach(one.length);
    for (let i = 0; i < one.length; i++) if (one.words[i] !== other.words[i]) return false;
    return true;
  }
}
