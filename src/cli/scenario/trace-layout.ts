import type { TraceLayout } from '../../report/counterexample-text.js';

/** Flags of commands that print counterexamples. */
export interface TraceLayoutOptions {
  /** Columns. */
  readonly traceWidth: number;
  /** Every step of a handler has lines of its own. */
  readonly allSteps?: boolean;
}

export function layoutOf({ traceWidth: width, allSteps = false }: TraceLayoutOptions): TraceLayout {
  return { width, allSteps };
}
