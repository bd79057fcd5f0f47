import { preemptionsOf } from '../../explore/strategy/preemption-counter.js';
import type { Step } from '../../machine/step.js';
import type { FewestOf, NothingShorter } from '../../report/check-report.js';
import type { CodeText } from '../../report/code-text.js';
import { stuckText } from '../../report/stuck-text.js';
import type { BuiltScenario } from '../../scenario/build/build.js';
import { FewestPreemptions } from '../../search/fewest-preemptions.js';
import type { FingerprintUse } from '../../search/fingerprints.js';
import { foundWay, stepsTo } from '../../search/found-way.js';
import type { Helpers } from '../../search/helpers/help.js';
import { PlainSearch } from '../../search/plain-search.js';
import { firstStuck } from '../../search/progress.js';
import {
  type AppliedReductions,
  NO_REDUCTIONS,
  NONE_APPLIED,
  type Reduction,
  type Reductions,
} from '../../search/reduction/reductions.js';
import { Search } from '../../search/search.js';
import type { SearchCounts, SearchEnd, SearchLimits } from '../../search/search-end.js';
import { shortestWay, type Way } from '../../search/shortest-way.js';
import { isProven, stuckGroup } from '../../search/stuck-group.js';
import { stepsOfWay } from '../../search/way-steps.js';
import type { SearchChoice } from './choice.js';

export type Violated = Extract<SearchEnd, { kind: 'violated' }>;

/** A schedule, and how many preemptions are in it, if somebody counted them. */
export interface FoundSchedule {
  readonly steps: readonly Step[];
  readonly preemptions: number | undefined;
  /** Undefined: it is a shortest, and nobody has looked for longer ones with fewer preemptions. */
  readonly fewest?: FewestOf | undefined;
  /** Default: sure. */
  readonly nothingShorter?: NothingShorter | undefined;
}

/** What violates a property in the first state. */
const NO_STEPS: FoundSchedule = { steps: [], preemptions: 0 };

/** One of the two engines. */
export interface Explorer {
  readonly counts: SearchCounts;
  readonly reductions: AppliedReductions;
  /** Undefined: states are compared exactly. */
  readonly fingerprints: FingerprintUse | undefined;
  /** The search, if it can be written down. */
  readonly resumable: Search | undefined;
  advance(states: number): SearchEnd | undefined;
  /** The first state that violates `progress`, once everything was looked at. */
  firstStuck(): number | undefined;
  /** A shortest schedule. */
  wayToViolation(end: Violated): FoundSchedule;
  /** Looks for one of up to a length with fewer preemptions; undefined when there can be none, or the engine cannot. */
  fewerPreemptions(end: Violated, than: FoundSchedule, mostSteps: number): FewestPreemptions | undefined;
  /** Where a state that violates `progress` leads to. */
  stuck(state: number, code: CodeText): StuckEnd;
}

/** A group of states that is never left. */
export interface StuckEnd {
  /** A shortest schedule into it. */
  readonly schedule: FoundSchedule;
  /** From which step on there is no other way, and what each CPU does, in words. */
  readonly details: readonly string[];
  /** It is such a group whatever fingerprints made of its states. */
  readonly isProven: boolean;
}

/** @param step of the schedule, after which nothing else can come */
function hopeless(step: number): string {
  const since = step === 0 ? 'from the beginning' : `from step ${step} on`;
  return `${since} no schedule leads to where everything that began has returned:`;
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

  firstStuck(): number | undefined {
    const stuck = firstStuck(this.search);
    if (stuck === undefined || this.search.applied.on.length === 0) return stuck;
    // What each CPU does, and how soon there is no way out, is told of all states where they fit, or with CPUs that keep
    // their numbers.
    const reduced = this.search;
    const named = this.namesStay ? [] : [without(reduced.applied.on, 'symmetry')];
    for (const reductions of [NO_REDUCTIONS, ...named]) {
      reduced.restore(0);
      this.search = this.again(reductions);
      this.search.measure();
      if (this.search.advance(Number.POSITIVE_INFINITY)?.kind === 'exhausted') return firstStuck(this.search);
    }
    this.search = reduced;
    // The way is that by which it was found: another search would take as long, and be no surer.
    if (this.fingerprints !== undefined) return stuck;
    reduced.measure();
    reduced.advance(Number.POSITIVE_INFINITY);
    return firstStuck(reduced);
  }

  wayToViolation(end: Violated): FoundSchedule {
    const { step, steps: length, violation } = end;
    const { property } = violation;
    const { search } = this;
    if (step === undefined) return NO_STEPS;
    const isDetour = end === search.detour?.end;
    if (isDetour || this.fingerprints !== undefined)
      return this.done({ steps: stepsTo(search, end) }, isDetour ? 'unknown' : 'likely');
    return this.done(shortestWay(this.search, { length, arrives: (move) => move.violation?.property === property }));
  }

  stuck(state: number, code: CodeText): StuckEnd {
    const { search } = this;
    const group = stuckGroup(search, state);
    const nearest = group.reduce((a, b) => Math.min(a, b));
    const isHashed = this.fingerprints !== undefined;
    const way = isHashed
      ? foundWay(search, nearest)
      : shortestWay(search, { length: search.depthOf(nearest), arrives: (_, after) => after() === nearest });
    const doing = this.namesStay
      ? stuckText(search, group, code)
      : ['(--no-reduction symmetry says what each CPU does)'];
    const schedule = this.done(way, isHashed ? 'unknown' : 'sure');
    const details = [hopeless(isHashed ? schedule.steps.length : search.depthOf(state)), ...doing];
    return { schedule, details, isProven: !isHashed || isProven(search, group) };
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
    return this.search.symmetry === undefined;
  }

  private done(way: Pick<Way, 'steps'>, nothingShorter: NothingShorter = 'sure'): FoundSchedule {
    const { search } = this;
    search.restore(0);
    const steps = stepsOfWay(search.machine, way.steps);
    // Counted anew: of steps that were fused some may wait where the last one of them does not.
    search.restore(0);
    return { steps, preemptions: preemptionsOf(search.machine, steps), nothingShorter };
  }
}

/** The plain engine counts no preemptions: its schedules are shortest, and the first of their length. */
class PlainExplorer extends Engine<PlainSearch> implements Explorer {
  readonly reductions = NONE_APPLIED;
  readonly fingerprints = undefined;
  readonly resumable = undefined;

  firstStuck(): number | undefined {
    return this.search.firstStuck();
  }

  wayToViolation({ state, step }: Violated): FoundSchedule {
    return step === undefined ? NO_STEPS : { steps: [...this.search.stepsTo(state), step], preemptions: undefined };
  }

  fewerPreemptions(): undefined {
    return undefined;
  }

  stuck(state: number): StuckEnd {
    const steps = this.search.stepsTo(state);
    const details = [hopeless(steps.length), '(the fast engine says what each CPU does)'];
    return { schedule: { steps, preemptions: undefined }, details, isProven: true };
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
