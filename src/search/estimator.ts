import type { Search } from './search.js';
import type { SearchCounts, SearchEnd } from './search-end.js';

/** Bounds; `high` is undefined where nothing bounds it. */
export interface Range {
  readonly low: number;
  readonly high: number | undefined;
}

/** How large a search will be. */
export interface Estimate {
  /** How the search ended within the budget: then the numbers are those of the whole search. */
  readonly end: SearchEnd | undefined;
  /** States that were looked at in the order of a search, and how far away the last of them were. */
  readonly found: Pick<SearchCounts, 'states' | 'depth'>;
  /** What a sample of what is left ends with, and after how many steps: the search ends there at the latest. */
  readonly sampleEnd: { readonly steps: number; readonly what: string } | undefined;
  readonly states: Range;
  readonly transitions: Range;
  /** Steps, or moves while no violation was found; less if a violation ends the search that no sample has met. */
  readonly depth: Range;
  /** Bytes. */
  readonly memory: Range;
}

/** States of each layer behind the budget that are looked at. */
const SAMPLE = 100;
/** Nothing bounds a search in whose samples there are so many budgets of states. */
const MOST_BUDGETS = 15;
/** A way through samples is that much longer than a shortest one, at most. */
const DETOUR = 1.75;
/** What is farthest away may be that much farther than all samples. */
const MISSED = 1.1;
/** How the number of states within a distance grows with it: as these powers. */
const GROWTH = { low: 1, high: 3 } as const;

/** Of the bytes for each state within the budget, most are for what further states share: that part of them remains, at least. */
const SHARED_BYTES = 10;

/** What was counted when the budget was used up. */
interface Found extends SearchCounts {
  readonly restarts: number;
}

/**
 * Estimates how large a search will be, from its nearest states and samples of the rest. See docs/estimate.md for the method and
 * what it was measured with. The search is used up by it.
 */
export class Estimator {
  private found: Found | undefined;

  /**
   * @param search that has only begun
   * @param budget states that are looked at in order
   */
  constructor(
    private readonly search: Search,
    private readonly budget: number,
  ) {}

  /** Looks at up to `count` further states. */
  advance(count: number): Estimate | undefined {
    for (let done = 0; done < count; done++) {
      const estimate = this.look();
      if (estimate !== undefined) return estimate;
    }
    return undefined;
  }

  private look(): Estimate | undefined {
    const { search, budget } = this;
    // It has learned something and begun anew.
    if (this.found?.restarts !== search.restarts) this.found = undefined;
    const { found } = this;
    const { end } = search;
    if (found === undefined) {
      if (end !== undefined) return end.kind === 'limit' ? atLeast(search.counts) : exactly(end, search.counts);
      if (search.states.count >= budget) this.found = { ...search.counts, restarts: search.restarts };
    } else if (end?.kind === 'limit' || search.states.count >= MOST_BUDGETS * budget) {
      return atLeast(found, search.counts.depth);
    } else if (end !== undefined) {
      if (end.kind === 'exhausted') return extrapolated(found, search.counts.depth);
      const what =
        end.kind === 'violated' ? `${end.violation.property} is violated` : 'an instruction is not supported';
      return extrapolated(found, end.steps, { steps: end.steps, what });
    } else {
      search.narrow(SAMPLE);
    }
    search.advance(1);
    return undefined;
  }
}

function exactly(end: SearchEnd, counts: SearchCounts): Estimate {
  const one = (number: number): Range => ({ low: number, high: number });
  const { states, transitions, depth, memory } = counts;
  const ranges = { states: one(states), transitions: one(transitions), depth: one(depth), memory: one(memory) };
  return { end, found: counts, sampleEnd: undefined, ...ranges };
}

/** Nothing says where it ends. `sampled`: how far away the last samples were. */
function atLeast(found: SearchCounts, sampled = found.depth): Estimate {
  const estimate = extrapolated(found, sampled);
  const open = ({ low }: Range): Range => ({ low, high: undefined });
  return {
    ...estimate,
    states: open(estimate.states),
    transitions: open(estimate.transitions),
    depth: open(estimate.depth),
    memory: open(estimate.memory),
  };
}

/** @param sampled how far away the last samples were, or what ended the search among them */
function extrapolated(found: SearchCounts, sampled: number, sampleEnd?: Estimate['sampleEnd']): Estimate {
  const from = Math.max(1, found.depth);
  const depth = {
    // A nearer violation may be anywhere behind the budget.
    low: Math.max(found.depth, sampleEnd === undefined ? Math.floor(sampled / DETOUR) : 0),
    high: Math.ceil(Math.max(found.depth, sampled) * (sampleEnd === undefined ? MISSED : 1)),
  };
  const states = {
    low: found.states * (Math.max(from, depth.low) / from) ** GROWTH.low,
    high: found.states * ((MISSED * Math.max(from, sampled)) / from) ** GROWTH.high,
  };
  const transitions = found.transitions / Math.max(1, found.states - found.frontier);
  const bytes = found.memory / found.states;
  return {
    end: undefined,
    found,
    sampleEnd,
    depth,
    states: rounded(states.low, states.high),
    transitions: rounded(states.low * transitions, states.high * transitions),
    memory: rounded(Math.max(found.memory, (states.low * bytes) / SHARED_BYTES), states.high * bytes),
  };
}

/** Two digits of each, outwards. */
function rounded(low: number, high: number): Range {
  const unit = (number: number): number => 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, number))) - 1);
  return { low: Math.floor(low / unit(low)) * unit(low), high: Math.ceil(high / unit(high)) * unit(high) };
}
