import type { BuiltScenario } from '../../../src/scenario/build/build.js';
import type { Search } from '../../../src/search/search.js';
import { type SearchedAll, searchBehindViolations } from '../../search/behind-violations.js';

/** What happens under all schedules. */
export interface Reachable extends Pick<SearchedAll, 'violations'> {
  readonly states: number;
  /**
   * How many states there are from which no schedule lets the patcher, on CPU 0, return or comes to a violation; undefined
   * when the search was over before.
   */
  readonly stuck: number | undefined;
}

/** More states than this are an error. */
const LIMIT = 50_000;

/**
 * Every schedule; a path ends where a property is violated.
 * @param sought properties: the search is over when all of them were violated, unless there are none
 */
export function reachable({ machine, monitors }: BuiltScenario, sought: readonly string[] = []): Reachable {
  const isEnough = (violated: ReadonlyMap<string, unknown>): boolean =>
    sought.length > 0 && sought.every((property) => violated.has(property));
  const { search, violations } = searchBehindViolations(machine, monitors, LIMIT, isEnough);
  if (search.end?.kind === 'limit') throw new Error(`more than ${LIMIT} states`);
  const stuck = search.end?.kind === 'exhausted' ? countStuck(search) : undefined;
  return { states: search.counts.states, violations, stuck };
}

/** How many states do not lead to one in which the patcher has returned, or to a violation. */
function countStuck(search: Search): number {
  const { machine, states } = search;
  const good = new Set<number>();
  const before = new Map<number, number[]>();
  for (let state = 0; state < states.count; state++) {
    search.restore(state);
    if (machine.isFinished(0)) good.add(state);
    for (const move of machine.cpus.flatMap(({ cpu }) => search.moves(state, cpu))) {
      if (move.violation !== undefined) good.add(state);
      else if (move.unsupported === undefined) {
        const after = search.after(state, move);
        before.set(after, [...(before.get(after) ?? []), state]);
      }
    }
  }
  // A set hears of what is added while it is gone through.
  for (const state of good) for (const from of before.get(state) ?? []) good.add(from);
  return states.count - good.size;
}
