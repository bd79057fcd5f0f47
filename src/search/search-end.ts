import type { Stop } from '../machine/delivery.js';
import type { Step } from '../machine/step.js';
import type { Violation } from '../property/violation.js';

/** What ends a search before it has seen everything. */
export type LimitReached = 'states' | 'memory';

/** How a search ended by itself. */
export type SearchEnd =
  /** Every state that any schedule can reach was seen. */
  | { readonly kind: 'exhausted' }
  /** A property does not hold after a step from `state`, or in the first state; no shorter schedule violates one. */
  | {
      readonly kind: 'violated';
      readonly state: number;
      readonly step: Step | undefined;
      /** How many steps lead there. */
      readonly steps: number;
      readonly violation: Violation;
    }
  /** A CPU met an instruction outside the implemented set. */
  | {
      readonly kind: 'unsupported';
      readonly state: number;
      readonly step: Step;
      readonly steps: number;
      readonly stop: Stop;
    }
  | { readonly kind: 'limit'; readonly limit: LimitReached };

/** How much a search may use. */
export interface SearchLimits {
  /** Distinct states. */
  readonly states: number;
  /** Bytes for states and what is remembered of them. */
  readonly memory: number;
}

/**
 * Hears of every step after which nobody goes on: a property does not hold, or an instruction is not implemented.
 * @returns whether the search goes on elsewhere; otherwise it ends so.
 */
export type GoesOn = (end: Extract<SearchEnd, { state: number }>) => boolean;

/** How far a search has come. */
export interface SearchCounts {
  /** Distinct states found, and of them those whose moves are not all known. */
  readonly states: number;
  readonly frontier: number;
  readonly transitions: number;
  /** Steps from the first state to those that are being looked at. */
  readonly depth: number;
  /** Bytes in use. */
  readonly memory: number;
}
