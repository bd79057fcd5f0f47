import type { FingerprintKind } from '../../search/fingerprints.js';
import type { Reductions } from '../../search/reduction/reductions.js';
import type { SearchLimits } from '../../search/search-end.js';

/** The two engines by name. */
export const ENGINES = ['plain', 'fast'] as const;
/** The name of an engine: what searches. */
export type Engine = (typeof ENGINES)[number];

/** Limits of a search where nobody says. */
export const DEFAULT_LIMITS = { states: 20_000_000, megabytes: 4096 } as const;

/** Bits of a fingerprint that takes the place of a state when memory is used up. */
export const FINGERPRINT_BITS = 64;

/** How the states of a variant are searched. */
export interface SearchChoice {
  readonly engine: Engine;
  /** Those that are on; none with the plain engine. */
  readonly reductions: Reductions;
  readonly limits: SearchLimits;
  /** Undefined: the search ends when memory is used up. */
  readonly fingerprints: FingerprintKind | undefined;
  /** Whether steps that are known are not done on the machine again. */
  readonly moveCache: boolean;
}

/** How a variant is checked. */
export interface CheckChoice extends SearchChoice {
  /** Seconds; undefined: as many as it takes. */
  readonly timeout: number | undefined;
  /** Which schedule is told of a violation. */
  readonly counterexample: 'fewest-preemptions' | 'shortest';
  /** Whether to search once more without reductions, and compare. */
  readonly crossCheck: boolean;
}
