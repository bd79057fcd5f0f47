import type { Machine } from '../../machine/machine.js';
import { Renaming } from '../../machine/renaming.js';
import type { StateVector } from '../../machine/state-vector.js';
import type { MovedVector } from '../moved-vector.js';
import { NamedWords } from './named-words.js';
import { OwnLines } from './own-lines.js';

/** What CPUs share of a state, by the numbers of its parts. */
export interface SharedParts {
  readonly observers: number;
  readonly fetches: number;
  /** The lines in which words name CPUs. */
  readonly named: readonly number[];
}

/** A renaming of the CPUs of a group, and what is known of it. */
export class GroupRenaming {
  readonly observers = new Map<number, number>();
  readonly fetches = new Map<number, number>();
  readonly named = new Map<string, readonly number[]>();

  constructor(readonly renaming: Renaming) {}
}

/** States in which the CPUs of a group, with the tasks at home there, have exchanged their names. */
export class RenamedStates {
  readonly lines: OwnLines;
  private readonly named: NamedWords;
  private readonly homes: readonly number[];
  private readonly known = new Map<string, GroupRenaming>();
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

  /** @param order which CPU of the group comes to each place of the group */
  renamingTo(order: readonly number[]): GroupRenaming {
    const key = order.join();
    let known = this.known.get(key);
    if (known === undefined) {
      const cpus = this.homes.map((_, cpu) => cpu);
      const tasks = Array.from({ length: Math.max(0, ...this.homes) + 1 }, (_, task) => task);
      order.forEach((cpu, place) => {
        const to = this.group[place] ?? cpu;
        cpus[cpu] = to;
        tasks[this.homes[cpu] ?? -1] = this.homes[to] ?? -1;
      });
      known = new GroupRenaming(new Renaming(cpus, tasks));
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

  /** What CPUs share of a state when they are renamed. */
  sharedOf({ words }: MovedVector, known: GroupRenaming): SharedParts {
    const [observersPart, fetchPart] = [this.vector.observersPart, this.vector.fetchPart];
    const [observers, fetches] = [words[observersPart] ?? 0, words[fetchPart] ?? 0];
    const named = this.named.parts.map((part) => words[part] ?? 0);
    const { renaming } = known;
    const key = named.join();
    let renamed = known.named.get(key);
    if (renamed === undefined) {
      renamed = this.named.renamed(named, renaming);
      known.named.set(key, renamed);
    }
    return {
      observers: remembered(known.observers, observers, () => this.vector.renamedObservers(observers, renaming)),
      fetches: remembered(known.fetches, fetches, () => this.vector.renamedFetches(fetches, renaming)),
      named: renamed,
    };
  }

  /** Renames the CPUs of a state. */
  rename(state: MovedVector, known: GroupRenaming, shared = this.sharedOf(state, known)): void {
    const { words } = state;
    const { group, before } = this;
    const { renaming } = known;
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
    words[this.vector.observersPart] = shared.observers;
    words[this.vector.fetchPart] = shared.fetches;
    this.named.parts.forEach((part, i) => {
      words[part] = shared.named[i] ?? 0;
    });
  }

  /** The word that has a word's role when CPUs are renamed; words by pool offset / 8. */
  imageOfWord(word: number, renaming: Renaming): number {
    return this.lines.imageOfWord(word, renaming) ?? this.named.imageOfWord(word, renaming);
  }
}

function remembered(known: Map<number, number>, key: number, find: () => number): number {
  let value = known.get(key);
  if (value === undefined) {
    value = find();
    known.set(key, value);
  }
  return value;
}
