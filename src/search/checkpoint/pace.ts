import type { Search } from '../search.js';

/** New states before a search is written down again, where nobody says otherwise. */
export const DEFAULT_PACE = 200_000;

/**
 * When a search is to be written down again: after so many new states, and a quarter of all, so that all writing together
 * stays in proportion to the search. That depends on nothing but its states.
 */
export class Pace {
  private states = 0;
  private restarts = 0;

  /** @param least new states */
  constructor(private readonly least: number = DEFAULT_PACE) {}

  isDue({ states: { count }, restarts }: Search): boolean {
    const before = restarts === this.restarts ? this.states : 0;
    return count - before >= Math.max(this.least, before / 4);
  }

  /** It was written down as it is. */
  written({ states, restarts }: Search): void {
    this.states = states.count;
    this.restarts = restarts;
  }
}
