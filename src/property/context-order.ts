import type { Executing } from '../machine/observer.js';
import type { Renaming } from '../machine/renaming.js';

/** A context of a task, across migrations, or of an idle CPU, by its depth. */
export interface OfContext {
  readonly owner: number;
  readonly depth: number;
}

/** What is known of contexts in one order, whoever came first: when that was is no part of the state. */
export function inContextOrder<T extends OfContext>(all: readonly T[]): readonly T[] {
  return all.toSorted((a, b) => a.owner - b.owner || a.depth - b.depth);
}

/** The same of the contexts of renamed CPUs. */
export function renamedContexts<T extends OfContext>(all: readonly T[], renaming: Renaming): readonly T[] {
  return all.length === 0 ? all : inContextOrder(all.map((one) => ({ ...one, owner: renaming.owner(one.owner) })));
}

/** Those of one owner. */
export function ownContexts<T extends OfContext>(all: readonly T[], { owner }: Pick<Executing, 'owner'>): readonly T[] {
  return all.filter((one) => one.owner === owner);
}
