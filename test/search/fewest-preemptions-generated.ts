import { expect } from 'vitest';
import { preemptionsOf } from '../../src/explore/strategy/preemption-counter.js';
import { type BuiltScenario, buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';
import { FewestPreemptions, type FewestPreemptionsEnd, type Wanted } from '../../src/search/fewest-preemptions.js';
import { ALL_REDUCTIONS, NO_REDUCTIONS } from '../../src/search/reduction/reductions.js';
import { Search } from '../../src/search/search.js';
import { shortestWay } from '../../src/search/shortest-way.js';
import { stepsOfWay } from '../../src/search/way-steps.js';
import { ALL_MEMORY } from './engines.js';
import { fewestByLength } from './fewest-preemptions-oracle.js';
import { randomScenario } from './random-scenario.js';

export const LIMITS = { states: 100_000, memory: ALL_MEMORY };
export const searchOf = (
  { machine, monitors }: Pick<BuiltScenario, 'machine' | 'monitors'>,
  reductions = NO_REDUCTIONS,
  limits = LIMITS,
): Search => new Search(machine, monitors, { limits, moveCache: true, reductions });

/** Looks for it on the single steps of a search. */
export function searchForFewest(search: Search, wanted: Wanted, limits = LIMITS): FewestPreemptions {
  const { machine, monitors } = search;
  return new FewestPreemptions(search.singleSteps(), wanted, limits, () =>
    searchOf({ machine, monitors }).singleSteps(),
  );
}

/** A shortest schedule, if a search with reductions finds a violation, and that search. */
export function shortestOf(built: BuiltScenario, states: number) {
  const search = searchOf(built, ALL_REDUCTIONS, { ...LIMITS, states });
  const end = search.advance(Number.POSITIVE_INFINITY);
  if (end?.kind !== 'violated' || end.step === undefined) return undefined;
  const { property } = end.violation;
  const way = shortestWay(search, { length: end.steps, arrives: (move) => move.violation?.property === property });
  search.restore(0);
  const steps = stepsOfWay(search.machine, way.steps);
  search.restore(0);
  return { search, property, steps, preemptions: preemptionsOf(search.machine, steps) };
}

export function fewest(
  built: BuiltScenario,
  property: string,
  mostSteps: number,
  fewerThan: number,
): FewestPreemptionsEnd {
  const end = searchForFewest(searchOf(built), { property, mostSteps, fewerThan }).advance(1e6);
  if (end === undefined) throw new Error('the search did not end');
  return end;
}

/**
 * Of each generated scenario that is violated: what is told replays, has the preemptions that it should have, and no more
 * than the shortest. Those that are small enough are compared with a search of another kind.
 * @returns how many were compared, and how many have fewer preemptions than their shortest schedule
 */
export function compareGenerated(first: number, count: number): { compared: number; fewer: number } {
  let [compared, fewer] = [0, 0];
  for (let seed = first; seed < first + count; seed++) {
    const built = (): BuiltScenario => buildScenario(loadScenario(randomScenario(seed), `seed-${seed}.yaml`), {});
    const shortest = shortestOf(built(), 2000);
    if (shortest === undefined) continue;
    const { property, preemptions: fewerThan } = shortest;
    const most = 2 * shortest.steps.length;
    const end = fewest(built(), property, most, fewerThan);
    // With what the search with reductions forgets, and remembers of moves.
    expect([seed, searchForFewest(shortest.search, { property, mostSteps: most, fewerThan }).advance(1e6)]).toEqual([
      seed,
      end,
    ]);
    const told = end.kind === 'found' ? end : shortest;
    const { machine, monitors } = built();
    expect([seed, preemptionsOf(machine, told.steps)]).toEqual([seed, told.preemptions]);
    expect(monitors.violation?.property).toBe(property);
    expect(told.steps.length).toBeLessThanOrEqual(most);
    if (end.kind === 'found') {
      fewer++;
      expect(told.preemptions).toBeLessThan(fewerThan);
    }
    const best = fewestByLength(built(), { property, most, limit: 150 });
    if (best === undefined) continue;
    compared++;
    expect([seed, told.preemptions, told.steps.length]).toEqual([seed, best.preemptions, best.steps]);
  }
  return { compared, fewer };
}
