import type { CodeText } from '../../report/code-text.js';
import { stuckText } from '../../report/stuck-text.js';
import { foundWay } from '../../search/found-way.js';
import { firstStuck } from '../../search/progress.js';
import type { Search } from '../../search/search.js';
import { shortestWay } from '../../search/shortest-way.js';
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
 * Where the first state that violates `progress` leads to, by the way that the search has found. Undefined: no state
 * violates it. To be asked of a search that is exhausted.
 */
export function foundStuck(search: Search, code: CodeText): StuckEnd | undefined {
  const state = firstStuck(search);
  if (state === undefined) return undefined;
  const group = stuckGroup(search, state);
  const schedule = foundSchedule(search, foundWay(search, nearestOf(group)).steps, 'unknown');
  const details = [hopeless(schedule.steps.length), ...doing(search, group, code)];
  return { schedule, details, isProven: search.states.fingerprints === undefined || isProven(search, group) };
}

/** The same by a shortest way, of a search that measures ways and compares states exactly. */
export function nearestStuck(search: Search, code: CodeText): StuckEnd | undefined {
  const state = firstStuck(search);
  if (state === undefined) return undefined;
  const group = stuckGroup(search, state);
  const nearest = nearestOf(group);
  const way = { length: search.depthOf(nearest), arrives: (_: unknown, after: () => number) => after() === nearest };
  const schedule = foundSchedule(search, shortestWay(search, way).steps);
  return { schedule, details: [hopeless(search.depthOf(state)), ...doing(search, group, code)], isProven: true };
}

function nearestOf(group: readonly number[]): number {
  return group.reduce((a, b) => Math.min(a, b));
}

/** What each CPU does, where it has the same number in all states. */
function doing(search: Search, group: readonly number[], code: CodeText): readonly string[] {
  return search.symmetry === undefined
    ? stuckText(search, group, code)
    : ['(--no-reduction symmetry says what each CPU does)'];
}
