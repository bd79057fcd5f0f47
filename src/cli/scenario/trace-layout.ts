import type { TraceLayout } from '../../report/counterexample-text.js';
import { traceWidthOf } from '../trace/trace-options.js';

/** Flags of commands that print counterexamples. */
export interface TraceLayoutOptions {
  /** Columns. */
  readonly traceWidth: number;
  /** Every step of a handler has lines of its own. */
  readonly allSteps?: boolean;
  /** As wide as the terminal, and nothing is cut. */
  readonly wide?: boolean;
  /** Of the terminal, which threads do not see; undefined: there is none. */
  readonly columns?: number | undefined;
}

export function layoutOf(options: TraceLayoutOptions): TraceLayout {
  return { width: traceWidthOf(options, options.columns), allSteps: options.allSteps ?? false };
}
