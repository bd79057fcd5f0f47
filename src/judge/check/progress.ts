import type { SearchCounts } from '../../search/search-end.js';

/** How far the check of a variant is. */
export type CheckProgress =
  /** All states are being looked at, for so many seconds. */
  | ({ readonly phase: 'search'; readonly seconds: number } & SearchCounts)
  /** A property is violated, and schedules with so many preemptions are being looked at for one to tell. */
  | { readonly phase: 'counterexample'; readonly schedules: number; readonly preemptions: number };
