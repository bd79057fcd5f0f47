import type { Machine } from '../../machine/machine.js';
import type { Renaming } from '../../machine/renaming.js';
import type { StateVector } from '../../machine/state-vector.js';
import type { MovedVector } from '../moved-vector.js';
import { arrangements, permutations } from './permutations.js';
import { type GroupRenaming, RenamedStates, type SharedParts } from './renamed-states.js';

/** A word that somebody uses: by task, and by pool offset / 8. */
export interface UsedWord {
  readonly owner: number;
  readonly word: number;
}

/**
 * States that are the same but for the numbers of CPUs are represented by one of them: the CPUs of a group are put in the
 * order of what they are doing (docs/soundness/symmetry.md).
 */
export class Symmetry {
  readonly states: RenamedStates;
  private readonly images = new Map<string, readonly UsedWord[]>();

  /** @param group CPUs that may exchange their names, in ascending order */
  constructor(
    machine: Machine,
    private readonly vector: StateVector,
    private readonly group: readonly number[],
  ) {
    this.states = new RenamedStates(machine, vector, group);
  }

  /** Makes a state the one that represents it; the renaming that leads there. */
  represent(state: MovedVector): Renaming {
    const { states, group } = this;
    states.lines.update();
    state.reach(this.vector.length);
    const runs = this.runs(state);
    let best: { readonly known: GroupRenaming; readonly shared: SharedParts } | undefined;
    for (const order of arrangements(runs)) {
      const known = states.renamingTo(order);
      const shared = states.sharedOf(state, known);
      if (best === undefined || this.precedes(shared, best.shared)) best = { known, shared };
    }
    if (best === undefined) throw new Error(`a group of ${group.length} CPUs has no order`);
    if (!best.known.renaming.isIdentity) states.rename(state, best.known, best.shared);
    return best.known.renaming;
  }

  /** The CPUs of the group in the order of their own parts of a state; those with the same make a run. */
  private runs({ words }: MovedVector): number[][] {
    const { states, group } = this;
    const signed = group.map((cpu, i) => ({
      cpu,
      own: [
        states.blockOf(words[cpu] ?? 0, undefined),
        ...states.lines.places.map((parts) => words[parts[i] ?? 0] ?? 0),
      ],
    }));
    signed.sort((a, b) => compared(a.own, b.own));
    const runs: number[][] = [];
    signed.forEach(({ cpu, own }, i) => {
      const before = signed[i - 1];
      if (before !== undefined && compared(before.own, own) === 0) runs.at(-1)?.push(cpu);
      else runs.push([cpu]);
    });
    return runs;
  }

  /** Older floors come first, so that states which differ in floors alone can be compared (subsumption). */
  private precedes(one: SharedParts, other: SharedParts): boolean {
    if (one.observers !== other.observers) return one.observers < other.observers;
    const named = compared(one.named, other.named);
    if (named !== 0) return named < 0;
    if (one.fetches === other.fetches) return false;
    const [ours, theirs] = [this.vector.floorsOf(one.fetches), this.vector.floorsOf(other.fetches)];
    const floors = compared(ours, theirs);
    return floors !== 0 ? floors < 0 : one.fetches < other.fetches;
  }

  /** Every renaming of the group. */
  *all(): Generator<GroupRenaming> {
    for (const order of permutations(this.group)) yield this.states.renamingTo(order);
  }

  /** What a task that uses a word, and that word, may be called. */
  imagesOf(owner: number, word: number): readonly UsedWord[] {
    const key = `${owner} ${word}`;
    const known = this.images.get(key);
    if (known !== undefined) return known;
    const found = new Map([[key, { owner, word }]]);
    for (const image of found.values()) {
      for (let i = 1; i < this.group.length; i++) {
        const order = this.group.with(i - 1, this.group[i] ?? 0).with(i, this.group[i - 1] ?? 0);
        const { renaming } = this.states.renamingTo(order);
        const next = {
          owner: renaming.owner(image.owner),
          word: this.states.imageOfWord(image.word, renaming),
        };
        found.set(`${next.owner} ${next.word}`, next);
      }
    }
    const images = [...found.values()];
    this.images.set(key, images);
    return images;
  }
}

/** As `sort` has it: by the first number that differs. */
function compared(one: readonly number[], other: readonly number[]): number {
  for (let i = 0; i < one.length; i++) {
    const difference = (one[i] ?? 0) - (other[i] ?? 0);
    if (difference !== 0 && one[i] !== other[i]) return difference;
  }
  return 0;
}
