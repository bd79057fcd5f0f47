import type { Machine } from '../../machine/machine.js';
import type { Move, MoveSource } from '../move.js';
import { MovedVector } from '../moved-vector.js';
import type { GroupRenaming } from './renamed-states.js';
import type { Symmetry } from './symmetry.js';

/** One of so many states is looked at under other names as well, beside those in which a CPU does something new. */
const CHECKED_STATE = 61;

/** Which states were compared: what {@link SymmetryCheck.save} gives. */
export interface SavedSymmetryCheck {
  readonly checked: number;
  readonly looked: number;
  readonly met: readonly (readonly number[])[];
}

/**
 * Does the moves of some states with CPUs renamed, and compares: whoever asks for the number of a CPU without having
 * declared it is found out so. They are those in which a CPU is as it was in none before, and a sample of the others.
 */
export class SymmetryCheck {
  /** What depends on a CPU's number, in words. */
  found: string | undefined;
  /** How many states were compared. */
  checked = 0;
  private looked = 0;
  private readonly renamings: readonly GroupRenaming[];
  /** The blocks that were met of each CPU. */
  private readonly met: readonly Set<number>[];
  private readonly renamed = new MovedVector();
  private readonly one = new MovedVector();
  private readonly other = new MovedVector();

  constructor(
    private readonly symmetry: Symmetry,
    private readonly source: MoveSource,
    private readonly machine: Machine,
  ) {
    this.renamings = [...symmetry.all()].filter(({ isIdentity }) => !isIdentity);
    this.met = machine.cpus.map(() => new Set());
  }

  /** Looks at a state, or not. */
  look(state: Int32Array, length: number): void {
    const isSample = ++this.looked % CHECKED_STATE === 0;
    if (!this.meetsNew(state) && !isSample) return;
    const renaming = this.renamings[this.checked++ % this.renamings.length];
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

  save(): SavedSymmetryCheck {
    return { checked: this.checked, looked: this.looked, met: this.met.map((blocks) => [...blocks]) };
  }

  load({ checked, looked, met }: SavedSymmetryCheck): void {
    this.checked = checked;
    this.looked = looked;
    this.met.forEach((blocks, cpu) => {
      for (const block of met[cpu] ?? []) blocks.add(block);
    });
  }

  /** Whether a CPU does what it did in no state before. */
  private meetsNew(state: Int32Array): boolean {
    let isNew = false;
    this.met.forEach((blocks, cpu) => {
      const block = state[cpu] ?? 0;
      if (blocks.has(block)) return;
      blocks.add(block);
      isNew = true;
    });
    return isNew;
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
