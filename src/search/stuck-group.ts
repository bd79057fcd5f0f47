import type { Move } from './move.js';
import { MovedVector } from './moved-vector.js';
import { currentMoves, currentSuccessors } from './progress.js';
import type { Search } from './search.js';

/**
 * The states that go on among themselves for ever, once a state that is stuck has been left for the last time: a strongly
 * connected component from which no move leads out (R. Tarjan, "Depth-first search and linear graph algorithms", 1972; the
 * first component it completes is such a one).
 */
export function stuckGroup(search: Search, from: number): number[] {
  const index = new Map<number, number>();
  const low = new Map<number, number>();
  const stack: number[] = [];
  const path: { readonly state: number; readonly next: number[] }[] = [];
  const enter = (state: number): void => {
    index.set(state, index.size);
    low.set(state, index.size - 1);
    stack.push(state);
    path.push({ state, next: currentSuccessors(search, state) });
  };
  const lower = (state: number, to: number): void => {
    low.set(state, Math.min(low.get(state) ?? to, to));
  };
  enter(from);
  for (;;) {
    const top = path.at(-1);
    if (top === undefined) throw new Error('a finite graph has a component that nothing leads out of');
    const { state } = top;
    const after = top.next.pop();
    if (after === undefined) {
      if (low.get(state) === index.get(state)) return stack.slice(stack.indexOf(state));
      path.pop();
      lower(path.at(-1)?.state ?? state, low.get(state) ?? 0);
    } else if (index.has(after)) {
      lower(state, index.get(after) ?? 0);
    } else {
      enter(after);
    }
  }
}

/**
 * Whether a group is one by the states themselves, whatever fingerprints made of them: nothing has returned in any of them,
 * and moves that fetch what memory holds lead from each to others of them, or to what those subsume.
 */
export function isProven(search: Search, group: readonly number[]): boolean {
  const own = new Set(group);
  return group.every(
    (state) =>
      !search.returned.has(state) &&
      currentMoves(search, state).every((move) => {
        const after = search.after(state, move);
        return own.has(after) && leadsTo(search, state, move, after);
      }),
  );
}

/** Whether a move leads to a state, or to one that it subsumes, by their vectors. */
function leadsTo(search: Search, state: number, move: Move, after: number): boolean {
  const { conclusions, subsumption, vector, states } = search;
  const moved = new MovedVector().copy(search.vectorOf(state), states.length).apply(move);
  conclusions.symmetry?.represent(moved);
  const there = new MovedVector().copy(search.vectorOf(after), states.length);
  moved.reach(there.length);
  there.reach(moved.length);
  for (let part = 0; part < moved.length; part++)
    if (part !== vector.fetchPart && moved.words[part] !== there.words[part]) return false;
  const [less = 0, more = 0] = [moved.words[vector.fetchPart], there.words[vector.fetchPart]];
  return less === more || subsumption?.includes(more, less) === true;
}
