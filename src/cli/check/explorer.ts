import type { Step } from '../../machine/step.js';
import type { CodeText } from '../../report/code-text.js';
import { stuckText } from '../../report/stuck-text.js';
import type { BuiltScenario } from '../../scenario/build/build.js';
import { PlainSearch } from '../../search/plain-search.js';
import { firstStuck } from '../../search/progress.js';
import { Search } from '../../search/search.js';
import type { SearchCounts, SearchEnd } from '../../search/search-end.js';
import { shortestWay, type Way } from '../../search/shortest-way.js';
import { stuckGroup } from '../../search/stuck-group.js';
import { stepsOfWay } from '../../search/way-steps.js';
import type { CheckOptions } from './options.js';

type Violated = Extract<SearchEnd, { kind: 'violated' }>;

/** A schedule, and how many preemptions are in it. */
export interface ShortestSchedule {
  readonly steps: readonly Step[];
  readonly preemptions: number;
}

/** What violates a property in the first state. */
const NO_STEPS: ShortestSchedule = { steps: [], preemptions: 0 };

/** One of the two engines. */
export interface Explorer {
  readonly counts: SearchCounts;
  advance(states: number): SearchEnd | undefined;
  /** The first state that violates `progress`, once everything was looked at. */
  firstStuck(): number | undefined;
  /** Shortest schedules. */
  wayToViolation(end: Violated): ShortestSchedule;
  wayTo(state: number): ShortestSchedule;
  /** What the CPUs do that can never leave where a state leads to. */
  stuckText(state: number, code: CodeText): string[];
}

/** The engine that the flags name. */
export function explorerFor({ machine, monitors }: BuiltScenario, options: CheckOptions): Explorer {
  const limits = { states: options.maxStates, memory: options.maxMemory * 2 ** 20 };
  if (options.engine === 'plain') return new PlainExplorer(new PlainSearch(machine, monitors, limits));
  return new FastExplorer(new Search(machine, monitors, { limits, moveCache: options.moveCache }));
}

class FastExplorer implements Explorer {
  constructor(private readonly search: Search) {}

  get counts(): SearchCounts {
    return this.search.counts;
  }

  advance(states: number): SearchEnd | undefined {
    return this.search.advance(states);
  }

  firstStuck(): number | undefined {
    return firstStuck(this.search);
  }

  wayToViolation({ state, step, violation: { property } }: Violated): ShortestSchedule {
    if (step === undefined) return NO_STEPS;
    const length = this.search.depthOf(state) + 1;
    return this.done(shortestWay(this.search, { length, arrives: (move) => move.violation?.property === property }));
  }

  wayTo(state: number): ShortestSchedule {
    const length = this.search.depthOf(state);
    return this.done(shortestWay(this.search, { length, arrives: (_, after) => after() === state }));
  }

  stuckText(state: number, code: CodeText): string[] {
    return stuckText(this.search, stuckGroup(this.search, state), code);
  }

  private done({ steps, preemptions }: Way): ShortestSchedule {
    this.search.restore(0);
    return { steps: stepsOfWay(this.search.machine, steps), preemptions };
  }
}

/** The plain engine counts no preemptions: its schedules are shortest, and the first of their length. */
class PlainExplorer implements Explorer {
  constructor(private readonly search: PlainSearch) {}

  get counts(): SearchCounts {
    return this.search.counts;
  }

  advance(states: number): SearchEnd | undefined {
    return this.search.advance(states);
  }

  firstStuck(): number | undefined {
    return this.search.firstStuck();
  }

  wayToViolation({ state, step }: Violated): ShortestSchedule {
    return step === undefined ? NO_STEPS : { steps: [...this.search.stepsTo(state), step], preemptions: 0 };
  }

  wayTo(state: number): ShortestSchedule {
    return { steps: this.search.stepsTo(state), preemptions: 0 };
  }

  stuckText(): string[] {
    return ['(the fast engine says what each CPU does)'];
  }
}
