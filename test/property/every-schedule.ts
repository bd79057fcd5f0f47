import type { Machine } from '../../src/machine/machine.js';
import type { Step } from '../../src/machine/step.js';
import { sameStep } from '../../src/machine/step.js';
import type { Monitors } from '../../src/property/monitors.js';
import { Search } from '../../src/search/search.js';
import type { WayStep } from '../../src/search/shortest-way.js';
import { stepsOfWay } from '../../src/search/way-steps.js';

/** What happens under all schedules of a machine. */
export interface EverySchedule {
  readonly states: number;
  readonly transitions: number;
  /** A shortest schedule to a violation of each property that some schedule violates. */
  readonly violations: ReadonlyMap<string, readonly Step[]>;
  /** States in which nothing is enabled, without a violation. */
  readonly ends: number;
  /** The limit of states was not reached. */
  readonly complete: boolean;
}

/** Every schedule, by the search of `xmc check`; a path ends where a property is violated. `atEnd` is called where nothing is enabled. */
export function everySchedule(
  machine: Machine,
  monitors: Monitors,
  limit = 20_000,
  atEnd: () => void = () => {},
): EverySchedule {
  const violated = new Map<string, { readonly state: number; readonly step: Step }>();
  const search = new Search(machine, monitors, {
    limits: { states: limit, memory: Number.MAX_SAFE_INTEGER },
    moveCache: true,
    goesOn: (end) => {
      if (end.kind === 'violated' && end.step !== undefined && !violated.has(end.violation.property))
        violated.set(end.violation.property, { state: end.state, step: end.step });
      return true;
    },
  });
  while (search.advance(10_000) === undefined);
  const { states, transitions } = search.counts;
  let ends = 0;
  for (let state = 0; state < states; state++) {
    if (machine.cpus.some(({ cpu }) => search.moves(state, cpu).length > 0)) continue;
    ends++;
    search.restore(state);
    atEnd();
  }
  const violations = new Map(
    [...violated].map(([property, { state, step }]) => [property, stepsTo(search, state, step)]),
  );
  return { states, transitions, violations, ends, complete: search.end?.kind === 'exhausted' };
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
