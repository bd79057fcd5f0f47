import type { ColorChoice } from '../color.js';
import type { TraceLayoutOptions } from '../scenario/trace-layout.js';

/** Who tells what came of the cases. */
export const REPORTERS = ['text', 'junit', 'github', 'sarif'] as const;
export type Reporter = (typeof REPORTERS)[number];

/** Flags of `xmc test`, as they were given. */
export interface TestOptions extends TraceLayoutOptions {
  readonly reporter: readonly Reporter[];
  readonly outputFile: readonly string[];
  readonly update?: boolean;
  /** Distinct states of a variant. */
  readonly maxStates: number;
  /** Megabytes. */
  readonly maxMemory: number;
  /** Seconds. */
  readonly timeout?: number;
  /** Threads. */
  readonly jobs: number;
  readonly color: ColorChoice;
}
