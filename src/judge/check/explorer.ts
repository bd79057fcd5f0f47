import type { CodeText } from '../../report/code-text.js';
import type { BuiltScenario } from '../../scenario/build/build.js';
import { FewestPreemptions } from '../../search/fewest-preemptions.js';
import type { FingerprintUse } from '../../search/fingerprints.js';
import { stepsTo } from '../../search/found-way.js';
import type { Helpers } from '../../search/helpers/help.js';
import type { Move } from '../../search/move.js';
import { PlainSearch } from '../../search/plain-search.js';
import {
  type AppliedReductions,
  NO_REDUCTIONS,
  NONE_APPLIED,
  type Reduction,
  type Reductions,
} from '../../search/reduction/reductions.js';
import { Search } from '../../search/search.js';
import type { SearchCounts, SearchEnd, SearchLimits } from '../../search/search-end.js';
import { shortestWay } from '../../search/shortest-way.js';
import type { SearchChoice } from './choice.js';
import { type FoundSchedule, foundSchedule, NO_STEPS } from './found-schedule.js';
import { hopeless, type StuckEnd, stuckEnd } from './stuck-end.js';

export type Violated = Extract<SearchEnd, { kind: 'violated' }>;

/** One of the two engines. */
export interface Explorer {
  readonly counts: SearchCounts;
  readonly reductions: AppliedReductions;
  /** Undefined: states are compared exactly. */
  readonly fingerprints: FingerprintUse | undefined;
  /** The search, if it can be written down. */
  readonly resumable: Search | undefined;
  advance(states: number): SearchEnd | undefined;
  /** What violates `progress`, by the way that was found; to be asked once everything was looked at. */
  stuck(code: CodeText): StuckEnd | undefined;
  /** Looks for the nearest of that kind; undefined: it is what {@link stuck} tells. */
  stuckAgain(code: CodeText): StuckAgain | undefined;
  /** A shortest schedule. */
  wayToViolation(end: Violated): FoundSchedule;
  /** Looks for one of up to a length with fewer preemptions; undefined when there can be none, or the engine cannot. */
  fewerPreemptions(end: Violated, than: FoundSchedule, mostSteps: number): FewestPreemptions | undefined;
}

/** Searches again, to tell more of what violates `progress`. */
export interface StuckAgain {
  readonly counts: SearchCounts;
  /** Looks at so many further states; undefined: there is more to look at. */
  advance(states: number): ToldStuck | undefined;
}

/** More that can be told, unless there is no room to find it. */
interface ToldStuck {
  readonly kind: 'told';
  readonly stuck: StuckEnd | undefined;
}

/** What both engines do by themselves. */
class Engine<S extends Pick<Explorer, 'counts' | 'advance'>> {
  constructor(protected search: S) {}

  get counts(): SearchCounts {
    return this.search.counts;
  }

  advance(states: number): SearchEnd | undefined {
    return this.search.advance(states);
  }
}

class FastExplorer extends Engine<Search> implements Explorer {
  /** @param again makes a search with reductions, of the state that the machine is in */
  constructor(
    search: Search,
    private readonly again: (reductions: Reductions) => Search,
    private readonly limits: SearchLimits,
  ) {
    super(search);
  }

  get reductions(): AppliedReductions {
    return this.search.applied;
  }

  get fingerprints(): FingerprintUse | undefined {
    const { states } = this.search;
    return states.fingerprints?.use(states.count);
  }

  get resumable(): Search {
    return this.search;
  }

  stuck(code: CodeText): StuckEnd | undefined {
    const { search } = this;
    const isNearest = this.fingerprints === undefined && search.applied.on.length === 0;
    return stuckEnd(search, code, isNearest ? 'shortest' : 'found');
  }

  stuckAgain(code: CodeText): StuckAgain | undefined {
    if (this.search.applied.on.length === 0) return undefined;
    const searches = this.tellingSearches();
    let search: Search | undefined = searches.next().value;
    let { counts } = this;
    return {
      get counts() {
        return search?.counts ?? counts;
      },
      advance: (states) => {
        if (search === undefined) return { kind: 'told', stuck: undefined };
        const end = search.advance(states);
        if (end === undefined) return undefined;
        counts = search.counts;
        if (end.kind !== 'exhausted') {
          search = searches.next().value;
          return undefined;
        }
        this.search = search;
        return { kind: 'told', stuck: stuckEnd(search, code, 'shortest') };
      },
    };
  }

  /**
   * What each CPU does, and how soon there is no way out, is told of all states where they fit, or with CPUs that keep
   * their numbers; else of the states that were found, measured. By fingerprints that would take as long, and be no surer.
   */
  private *tellingSearches(): Generator<Search, undefined, void> {
    const found = this.search;
    const named = this.namesStay ? [] : [without(found.applied.on, 'symmetry')];
    for (const reductions of [NO_REDUCTIONS, ...named]) {
      found.restore(0);
      const search = this.again(reductions);
      search.measure();
      yield search;
    }
    if (this.fingerprints !== undefined) return;
    found.measure();
    yield found;
  }

  wayToViolation(end: Violated): FoundSchedule {
    const { step, steps: length, violation } = end;
    const { property } = violation;
    const { search } = this;
    if (step === undefined) return NO_STEPS;
    const isDetour = end === search.detour?.end;
    if (isDetour || this.fingerprints !== undefined)
      return foundSchedule(search, stepsTo(search, end), isDetour ? 'unknown' : 'likely');
    const arrives = (move: Move): boolean => move.violation?.property === property;
    return foundSchedule(search, shortestWay(search, { length, arrives }).steps);
  }

  fewerPreemptions({ violation: { property } }: Violated, than: FoundSchedule, mostSteps: number) {
    const { preemptions: fewerThan = 0 } = than;
    if (fewerThan === 0) return undefined;
    const wanted = { property, mostSteps, fewerThan };
    const whole = () => this.again(NO_REDUCTIONS).singleSteps();
    return new FewestPreemptions(this.search.singleSteps(), wanted, this.limits, whole);
  }

  /** Whether a CPU has the same number in all states. */
  private get namesStay(): boolean {
    return this.search.conclusions.symmetry === undefined;
  }
}

/** The plain engine counts no preemptions: its schedules are shortest, and the first of their length. */
class PlainExplorer extends Engine<PlainSearch> implements Explorer {
  readonly reductions = NONE_APPLIED;
  readonly fingerprints = undefined;
  readonly resumable = undefined;

  wayToViolation({ state, step }: Violated): FoundSchedule {
    return step === undefined ? NO_STEPS : { steps: [...this.search.stepsTo(state), step], preemptions: undefined };
  }

  fewerPreemptions(): undefined {
    return undefined;
  }

  stuck(): StuckEnd | undefined {
    const state = this.search.firstStuck();
    if (state === undefined) return undefined;
    const steps = this.search.stepsTo(state);
    const details = [hopeless(steps.length), '(the fast engine says what each CPU does)'];
    return { schedule: { steps, preemptions: undefined }, details, isProven: true };
  }

  stuckAgain(): undefined {
    return undefined;
  }
}

const without = (all: readonly Reduction[], name: Reduction): Reductions =>
  new Set(all.filter((other) => other !== name));

/**
 * The engine that is chosen.
 * @param helpers of the search itself; what is searched to tell of its end goes without, and without fingerprints
 */
export function explorerFor(
  { machine, monitors }: BuiltScenario,
  { engine, limits, moveCache, reductions, fingerprints }: SearchChoice,
  helpers: Helpers | undefined,
): Explorer {
  if (engine === 'plain') return new PlainExplorer(new PlainSearch(machine, monitors, limits));
  const search = new Search(machine, monitors, { limits, moveCache, reductions, helpers, fingerprints });
  const again = (reductions: Reductions): Search => new Search(machine, monitors, { limits, moveCache, reductions });
  return new FastExplorer(search, again, limits);
}
