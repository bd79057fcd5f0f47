import type { Move } from './move.js';
import type { Search } from './search.js';

/**
 * P6 `progress`: from every reachable state some path, all of whose fetches return what memory holds, reaches a state in
 * which every procedure that began has returned. To be asked once a search is exhausted.
 * @returns the first state, in the order of the search, that has no such path; undefined when all have.
 */
export function firstStuck(search: Search): number | undefined {
  const { count } = search.states;
  const { starts, sources } = predecessors(search);
  const queue: number[] = [];
  const good = new Uint8Array(count);
  for (let state = 0; state < count; state++) {
    if (!search.returned.has(state)) continue;
    good[state] = 1;
    queue.push(state);
  }
  for (let i = 0; i < queue.length; i++) {
    const state = queue[i] ?? 0;
    for (let at = starts[state] ?? 0; at < (starts[state + 1] ?? 0); at++) {
      const source = sources[at] ?? 0;
      if (good[source] === 1) continue;
      good[source] = 1;
      queue.push(source);
    }
  }
  const stuck = good.indexOf(0);
  return stuck < 0 ? undefined : stuck;
}

/** The states before each state, by moves that fetch what memory holds. */
function predecessors(search: Search): { starts: Int32Array; sources: Int32Array } {
  const { count } = search.states;
  const starts = new Int32Array(count + 2);
  eachCurrentMove(search, (_, after) => {
    starts[after + 2] = (starts[after + 2] ?? 0) + 1;
  });
  for (let state = 2; state < starts.length; state++) starts[state] = (starts[state] ?? 0) + (starts[state - 1] ?? 0);
  const sources = new Int32Array(starts[count + 1] ?? 0);
  eachCurrentMove(search, (state, after) => {
    const at = starts[after + 1] ?? 0;
    sources[at] = state;
    starts[after + 1] = at + 1;
  });
  return { starts, sources };
}

function eachCurrentMove(search: Search, hear: (state: number, after: number) => void): void {
  for (let state = 0; state < search.states.count; state++) {
    for (const after of search.successors.of(state) ?? currentSuccessors(search, state)) hear(state, after);
  }
}

/** The moves of a state that fetch what memory holds, and after which somebody goes on. */
export function currentMoves(search: Search, state: number): Move[] {
  const all = search.machine.cpus.flatMap(({ cpu }) => search.moves(state, cpu));
  return all.filter(
    ({ violation, unsupported, fetchesCurrent }) =>
      violation === undefined && unsupported === undefined && fetchesCurrent,
  );
}

/** The states that follow by them. */
export function currentSuccessors(search: Search, state: number): number[] {
  return currentMoves(search, state).map((move) => search.after(state, move));
}
