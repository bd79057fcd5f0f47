import type { Machine } from '../../src/machine/machine.js';
import { type Step, sameStep } from '../../src/machine/step.js';
import type { Monitors } from '../../src/property/monitors.js';
import type { WayStep } from '../../src/search/move.js';
import { Search } from '../../src/search/search.js';
import { stepsOfWay } from '../../src/search/way-steps.js';

/** A search that went on elsewhere where a property was violated. */
export interface SearchedAll {
  readonly search: Search;
  /** A shortest schedule to a violation of each property that some schedule violates. */
  readonly violations: ReadonlyMap<string, readonly Step[]>;
}

/**
 * Looks at every schedule, up to a limit of states; a path ends where a property is violated.
 * @param isEnough whether the search may end, given the properties that were violated so far
 */
export function searchBehindViolations(
  machine: Machine,
  monitors: Monitors,
  limit: number,
  isEnough: (violated: ReadonlyMap<string, unknown>) => boolean = () => false,
): SearchedAll {
  const violated = new Map<string, { readonly state: number; readonly step: Step }>();
  const search = new Search(machine, monitors, {
    limits: { states: limit, memory: Number.MAX_SAFE_INTEGER },
    moveCache: true,
    goesOn: (end) => {
      if (end.kind === 'violated' && end.step !== undefined && !violated.has(end.violation.property))
        violated.set(end.violation.property, { state: end.state, step: end.step });
      return !isEnough(violated);
    },
  });
  while (search.advance(10_000) === undefined);
  const violations = new Map(
    [...violated].map(([property, { state, step }]) => [property, stepsTo(search, state, step)]),
  );
  return { search, violations };
}

/** A shortest schedule to a step from a state. */
function stepsTo(search: Search, state: number, last: Step): Step[] {
  const choice = search.moves(state, last.cpu).findIndex(({ step }) => sameStep(step, last));
  const way: WayStep[] = [{ cpu: last.cpu, choice }];
  for (let at = state; at > 0; ) {
    const { from, ...step } = search.states.originOf(at);
    way.unshift(step);
    at = from;
  }
  search.restore(0);
  return stepsOfWay(search.machine, way);
}
