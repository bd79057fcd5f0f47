import { currentSuccessors } from './progress.js';
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
