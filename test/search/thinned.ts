import type { Search } from '../../src/search/search.js';
import { numbers } from './random-scenario.js';

/** How often the states are thinned. */
const TIMES = 8;

/**
 * How many states a search with short fingerprints has missed, from what it has seen alone: states are left out of what it
 * has found with the same probabilities once more, with all that nothing else leads to; as large a part of all states was
 * missing (docs/soundness/fingerprints.md).
 * @param search that is exhausted
 */
export function missedStates(search: Search, bits: number, seed: number): number {
  const { count } = search.states;
  const after = Array.from({ length: count }, (_, state) => [...successors(search, state)]);
  const next = numbers(seed);
  // What is subsumed now was found before what subsumes it.
  const all = thinned(after, () => false);
  let left = 0;
  for (let time = 0; time < TIMES; time++) left += thinned(after, (state) => next(2 ** bits) < state) / TIMES;
  return count * (all / left - 1);
}

function* successors(search: Search, state: number): Generator<number> {
  const cover = search.subsumption?.coverOf(state);
  if (cover !== undefined) yield cover;
  else {
    for (const { cpu } of search.machine.cpus)
      for (const move of search.moves(state, cpu))
        if (move.violation === undefined && move.unsupported === undefined) yield search.after(state, move);
  }
}

/** How many states are reached if some are left out. */
function thinned(after: readonly (readonly number[])[], isLeftOut: (state: number) => boolean): number {
  const met = new Uint8Array(after.length);
  const queue = [0];
  met[0] = 1;
  for (let i = 0; i < queue.length; i++) {
    for (const state of after[queue[i] ?? 0] ?? []) {
      if (met[state] === 1) continue;
      met[state] = 1;
      if (!isLeftOut(state)) queue.push(state);
    }
  }
  return queue.length;
}
