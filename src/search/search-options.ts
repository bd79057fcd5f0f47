import type { Compaction } from './compaction.js';
import type { Helpers } from './helpers/help.js';
import type { Reductions } from './reduction/reductions.js';
import type { GoesOn, SearchLimits } from './search-end.js';

/** How a search goes about it. */
export interface SearchOptions {
  readonly limits: SearchLimits;
  /** Whether moves are remembered; without that every one is done on the machine. */
  readonly moveCache: boolean;
  /** Default: none, every state is looked at. */
  readonly reductions?: Reductions;
  /** Who finds moves at the same time. Default: nobody. */
  readonly helpers?: Helpers | undefined;
  /** Default: the first step after which nobody goes on ends the search. */
  readonly goesOn?: GoesOn;
  /** Fingerprints that take the place of states when memory is used up. Default: then the search ends. */
  readonly fingerprints?: Compaction | undefined;
}
