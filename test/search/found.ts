import { firstStuck } from '../../src/search/progress.js';
import type { Search } from '../../src/search/search.js';

/** Everything that a search has found, in the order in which it found it. */
export function found(search: Search): unknown {
  const { states, vector, monitors, end } = search;
  const { states: count, transitions, depth, frontier } = search.counts;
  const { parents, steps, distances } = states.columns;
  return {
    end: end === undefined || !('violation' in end) ? end : { ...end, violation: end.violation.property },
    counts: { count, transitions, depth, frontier, restarts: search.restarts, isExact: search.isExact },
    applied: search.applied,
    goals: monitors.goals,
    vectors: hash([...states.vectors.all(count)].map(([, words]) => words)),
    fingerprints: states.fingerprints?.use(count),
    successors: hash(Object.values(search.successors.save(count))),
    columns: hash([parents, steps, distances]),
    meaning: (({ words, lengths, observers, ...rest }) => [hash([words, lengths]), observers, rest])(vector.save()),
    live: vector.live,
    written: [...search.machine.memory.written.entries()].map(({ offset }) => offset),
    conclusions: search.conclusions.save(),
    stuck: end?.kind === 'exhausted' ? firstStuck(search) : undefined,
  };
}

function hash(lists: readonly (Int32Array | Uint32Array)[]): number {
  let h = 0;
  for (const list of lists) for (const word of list) h = (Math.imul(h, 31) + word) | 0;
  return h;
}
