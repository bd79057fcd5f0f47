import type { Machine } from '../../src/machine/machine.js';
import type { Monitors } from '../../src/property/monitors.js';
import { type SearchedAll, searchBehindViolations } from '../search/behind-violations.js';

/** What happens under all schedules of a machine. */
export interface EverySchedule extends Pick<SearchedAll, 'violations'> {
  readonly states: number;
  readonly transitions: number;
  /** States in which nothing is enabled, without a violation. */
  readonly ends: number;
  /** The limit of states was not reached. */
  readonly complete: boolean;
}

/** Every schedule; a path ends where a property is violated. `atEnd` is called where nothing is enabled. */
export function everySchedule(
  machine: Machine,
  monitors: Monitors,
  limit = 20_000,
  atEnd: () => void = () => {},
): EverySchedule {
  const { search, violations } = searchBehindViolations(machine, monitors, limit);
  const { states, transitions } = search.counts;
  let ends = 0;
  for (let state = 0; state < states; state++) {
    if (machine.cpus.some(({ cpu }) => search.moves(state, cpu).length > 0)) continue;
    ends++;
    search.restore(state);
    atEnd();
  }
  return { states, transitions, violations, ends, complete: search.end?.kind === 'exhausted' };
}
