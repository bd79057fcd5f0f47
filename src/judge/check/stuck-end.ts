import type { CodeText } from '../../report/code-text.js';
import { stuckText } from '../../report/stuck-text.js';
import { foundWay } from '../../search/found-way.js';
import { firstStuck } from '../../search/progress.js';
import type { Search } from '../../search/search.js';
import { shortestWay, type Way } from '../../search/shortest-way.js';
import { isProven, stuckGroup } from '../../search/stuck-group.js';
import { type FoundSchedule, foundSchedule } from './found-schedule.js';

/** A group of states that is never left. */
export interface StuckEnd {
  /** A schedule into it. */
  readonly schedule: FoundSchedule;
  /** From which step on there is no other way, and what each CPU does, in words. */
  readonly details: readonly string[];
  /** It is such a group whatever fingerprints made of its states. */
  readonly isProven: boolean;
}

/** @param step of the schedule, after which nothing else can come */
export function hopeless(step: number): string {
  const since = step === 0 ? 'from the beginning' : `from step ${step} on`;
  return `${since} no schedule leads to where everything that began has returned:`;
}

/**
 * Where the first state that violates `progress` leads to. Undefined: no state violates it. To be asked of a search that is
 * exhausted.
 * @param way the one that the search has found; or a shortest, if it measures ways and compares states exactly
 */
export function stuckEnd(search: Search, code: CodeText, way: 'found' | 'shortest'): StuckEnd | undefined {
  const state = firstStuck(search);
  if (state === undefined) return undefined;
  const group = stuckGroup(search, state);
  const nearest = group.reduce((a, b) => Math.min(a, b));
  const isShortest = way === 'shortest';
  const schedule = isShortest
    ? foundSchedule(search, shortestWayTo(search, nearest).steps)
    : foundSchedule(search, foundWay(search, nearest).steps, 'unknown');
  const since = isShortest ? search.states.distanceOf(state) : schedule.steps.length;
  return {
    schedule,
    details: [hopeless(since), ...doing(search, group, code)],
    isProven: search.states.fingerprints === undefined || isProven(search, group),
  };
}

function shortestWayTo(search: Search, state: number): Way {
  return shortestWay(search, { length: search.states.distanceOf(state), arrives: (_, after) => after() === state });
}

/** What each CPU does, where it has the same number in all states. */
function doing(search: Search, group: readonly number[], code: CodeText): readonly string[] {
  return search.conclusions.symmetry === undefined
    ? stuckText(search, group, code)
    : ['(--no-reduction symmetry says what each CPU does)'];
}
