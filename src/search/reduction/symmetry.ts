import type { Machine } from '../../machine/machine.js';
import type { Renaming } from '../../machine/renaming.js';
import type { StateVector } from '../../machine/state-vector.js';
import type { MovedVector } from '../moved-vector.js';
import { arrangements, permutations } from './permutations.js';
import { type GroupRenaming, orderKey, RenamedStates } from './renamed-states.js';

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
  private readonly images = new Map<number, readonly UsedWord[]>();
  /** Of the CPUs of the group, by place: their blocks without tasks, and the order of that. */
  private readonly blocks: Int32Array;
  private readonly order: Int32Array;
  /** The renamings that leave CPUs in an order, by that order and which of them are equal. */
  private readonly candidates = new Map<number, readonly GroupRenaming[]>();

  /** @param group CPUs that may exchange their names, in ascending order */
  constructor(
    machine: Machine,
    private readonly vector: StateVector,
    private readonly group: readonly number[],
  ) {
    this.states = new RenamedStates(machine, vector, group);
    this.blocks = new Int32Array(group.length);
    this.order = new Int32Array(group.length);
  }

  /** Makes a state the one that represents it; the renaming that leads there. */
  represent(state: MovedVector): Renaming {
    const { states } = this;
    states.lines.update();
    state.reach(this.vector.length);
    const all = this.putInOrder(state.words);
    const best = all.length === 1 ? all[0] : this.first(state.words, all);
    if (best === undefined) throw new Error('a group of CPUs has no order');
    if (!best.isIdentity) states.rename(state, best);
    return best.renaming;
  }

  /** Puts the CPUs in the order of their own parts of a state: the renamings that do so, several if some have the same. */
  private putInOrder(words: Int32Array): readonly GroupRenaming[] {
    const { states, group, blocks, order } = this;
    for (let i = 0; i < group.length; i++) {
      blocks[i] = states.blockOf(words[group[i] ?? 0] ?? 0, undefined);
      let place = i;
      for (; place > 0 && this.compare(words, order[place - 1] ?? 0, i) > 0; place--)
        order[place] = order[place - 1] ?? 0;
      order[place] = i;
    }
    let equal = 0;
    for (let place = 1; place < group.length; place++) {
      if (this.compare(words, order[place - 1] ?? 0, order[place] ?? 0) === 0) equal |= 1 << place;
    }
    const key = orderKey(order) * 256 + equal;
    let all = this.candidates.get(key);
    if (all === undefined) {
      all = Array.from(arrangements(runsOf(order, equal)), (each) => states.renamingTo(each));
      this.candidates.set(key, all);
    }
    return all;
  }

  /** Compares the own parts of two CPUs of the group. */
  private compare(words: Int32Array, one: number, other: number): number {
    const blocks = (this.blocks[one] ?? 0) - (this.blocks[other] ?? 0);
    if (blocks !== 0) return blocks;
    for (const parts of this.states.lines.places) {
      const lines = (words[parts[one] ?? 0] ?? 0) - (words[parts[other] ?? 0] ?? 0);
      if (lines !== 0) return lines;
    }
    return 0;
  }

  /**
   * The renaming that comes first by what CPUs share. Older floors do, so that states which differ in floors alone can be
   * compared (subsumption).
   */
  private first(words: Int32Array, all: readonly GroupRenaming[]): GroupRenaming | undefined {
    const { vector, states } = this;
    const [observers, fetches] = [words[vector.observersPart] ?? 0, words[vector.fetchPart] ?? 0];
    const tuple = states.named.tupleOf(words);
    let best = all[0];
    for (const known of all) {
      if (best === undefined || known === best) continue;
      const difference =
        known.observers(observers) - best.observers(observers) ||
        compared(known.named(tuple), best.named(tuple)) ||
        compared(vector.floorsOf(known.fetches(fetches)), vector.floorsOf(best.fetches(fetches))) ||
        known.fetches(fetches) - best.fetches(fetches);
      if (difference < 0) best = known;
    }
    return best;
  }

  /** Every renaming of the group. */
  *all(): Generator<GroupRenaming> {
    for (const order of permutations(this.group.map((_, place) => place))) yield this.states.renamingTo(order);
  }

  /** What a task that uses a word, and that word, may be called. */
  imagesOf(owner: number, word: number): readonly UsedWord[] {
    const key = usedKey(owner, word);
    const known = this.images.get(key);
    if (known !== undefined) return known;
    const found = new Map([[key, { owner, word }]]);
    for (const image of found.values()) {
      for (let place = 1; place < this.group.length; place++) {
        const order = this.group.map((_, i) => (i === place ? i - 1 : i === place - 1 ? i + 1 : i));
        const { renaming } = this.states.renamingTo(order);
        const next = { owner: renaming.owner(image.owner), word: this.states.imageOfWord(image.word, renaming) };
        found.set(usedKey(next.owner, next.word), next);
      }
    }
    const images = [...found.values()];
    this.images.set(key, images);
    return images;
  }
}

/** Idle CPUs are owners below 0. */
const usedKey = (owner: number, word: number): number => word * 64 + owner + 32;

/** An order, cut where neighbours differ. */
function runsOf(order: Int32Array, equal: number): number[][] {
  const runs: number[][] = [];
  order.forEach((one, place) => {
    if ((equal >> place) & 1) runs.at(-1)?.push(one);
    else runs.push([one]);
  });
  return runs;
}

/** As `sort` has it: by the first number that differs. */
function compared(one: readonly number[], other: readonly number[]): number {
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return (one[i] ?? 0) - (other[i] ?? 0);
  return 0;
}
