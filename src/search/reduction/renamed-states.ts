import type { Machine } from '../../machine/machine.js';
import { Renaming } from '../../machine/renaming.js';
import type { StateVector } from '../../machine/state-vector.js';
import type { MovedVector } from '../moved-vector.js';
import { NamedWords } from './named-words.js';
import { OwnLines } from './own-lines.js';

/** A renaming of the CPUs of a group, and what is known of parts of states under it, by their numbers. */
export class GroupRenaming {
  readonly isIdentity: boolean;
  private readonly knownObservers = new Map<number, number>();
  private readonly knownFetches = new Map<number, number>();
  private readonly knownNamed = new Map<number, readonly number[]>();

  constructor(
    readonly renaming: Renaming,
    private readonly vector: StateVector,
    private readonly words: NamedWords,
  ) {
    this.isIdentity = renaming.isIdentity;
  }

  observers(id: number): number {
    return this.isIdentity
      ? id
      : remembered(this.knownObservers, id, () => this.vector.renamedObservers(id, this.renaming));
  }

  fetches(id: number): number {
    return this.isIdentity
      ? id
      : remembered(this.knownFetches, id, () => this.vector.renamedFetches(id, this.renaming));
  }

  /** @param tuple the number of the lines in which words name CPUs: see {@link NamedWords.tupleOf} */
  named(tuple: number): readonly number[] {
    return remembered(this.knownNamed, tuple, () => this.words.renamed(tuple, this.renaming));
  }
}

/** States in which the CPUs of a group, with the tasks at home there, have exchanged their names. */
export class RenamedStates {
  readonly lines: OwnLines;
  readonly named: NamedWords;
  private readonly homes: readonly number[];
  private readonly known = new Map<number, GroupRenaming>();
  /** The numbers of blocks with another task, by block and task. */
  private readonly blocks = new Map<number, number>();
  private readonly before: number[] = [];

  /** @param group CPUs in ascending order; every CPU runs the task that is at home there */
  constructor(
    machine: Machine,
    private readonly vector: StateVector,
    readonly group: readonly number[],
  ) {
    this.homes = machine.cpus.map(({ cpu }) => machine.tasks.on(cpu) ?? -1);
    this.named = new NamedWords(machine, vector);
    const tasks = group.map((cpu) => this.homes[cpu] ?? -1);
    this.lines = new OwnLines(machine, vector, tasks);
  }

  /** @param order which CPU of the group, by its place there, comes to each place */
  renamingTo(order: ArrayLike<number>): GroupRenaming {
    const key = orderKey(order);
    let known = this.known.get(key);
    if (known === undefined) {
      const cpus = this.homes.map((_, cpu) => cpu);
      const tasks = Array.from({ length: Math.max(0, ...this.homes) + 1 }, (_, task) => task);
      this.group.forEach((to, place) => {
        const cpu = this.group[order[place] ?? place] ?? to;
        cpus[cpu] = to;
        tasks[this.homes[cpu] ?? -1] = this.homes[to] ?? -1;
      });
      known = new GroupRenaming(new Renaming(cpus, tasks), this.vector, this.named);
      this.known.set(key, known);
    }
    return known;
  }

  /** A block as it would be with the task of another CPU, or without one. */
  blockOf(id: number, cpu: number | undefined): number {
    const key = id * 16 + (cpu ?? 15);
    let block = this.blocks.get(key);
    if (block === undefined) {
      block = this.vector.withTask(id, cpu === undefined ? -1 : (this.homes[cpu] ?? -1));
      this.blocks.set(key, block);
    }
    return block;
  }

  /** Renames the CPUs of a state. */
  rename({ words }: MovedVector, known: GroupRenaming): void {
    const { group, before, vector } = this;
    const { renaming } = known;
    const named = known.named(this.named.tupleOf(words));
    for (let i = 0; i < group.length; i++) before[i] = words[group[i] ?? 0] ?? 0;
    for (let i = 0; i < group.length; i++) {
      const to = renaming.cpu(group[i] ?? 0);
      words[to] = this.blockOf(before[i] ?? 0, to);
    }
    for (const parts of this.lines.places) {
      for (let i = 0; i < group.length; i++) before[i] = words[parts[i] ?? 0] ?? 0;
      for (let i = 0; i < group.length; i++) {
        const to = group.indexOf(renaming.cpu(group[i] ?? 0));
        words[parts[to] ?? 0] = before[i] ?? 0;
      }
    }
    words[vector.observersPart] = known.observers(words[vector.observersPart] ?? 0);
    words[vector.fetchPart] = known.fetches(words[vector.fetchPart] ?? 0);
    this.named.parts.forEach((part, i) => {
      words[part] = named[i] ?? 0;
    });
  }

  /** The word that has a word's role when CPUs are renamed; words by pool offset / 8. */
  imageOfWord(word: number, renaming: Renaming): number {
    return this.lines.imageOfWord(word, renaming) ?? this.named.imageOfWord(word, renaming);
  }
}

/** A number for an order of at most 8. */
export function orderKey(order: ArrayLike<number>): number {
  let key = 0;
  for (let i = 0; i < order.length; i++) key = 8 * key + (order[i] ?? 0);
  return key;
}

function remembered<T>(known: Map<number, T>, key: number, find: () => T): T {
  let value = known.get(key);
  if (value === undefined) {
    value = find();
    known.set(key, value);
  }
  return value;
}
