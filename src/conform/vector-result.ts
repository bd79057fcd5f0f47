import type { Mismatch } from './mismatch.js';

/**
 * How a vector went: compared in full and equal, or each difference; not compared, because processors differ, and
 * where; or outside of what the simulated processors have, and what that is.
 */
export type VectorResult =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly mismatches: readonly Mismatch[] }
  | { readonly kind: 'incomparable'; readonly reason: string }
  | { readonly kind: 'unsupported'; readonly reason: string };
