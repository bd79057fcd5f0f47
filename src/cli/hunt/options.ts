import { HUNT_STRATEGIES, type HuntStrategy } from '../../explore/strategy/strategies.js';
import { InputError } from '../../input-error.js';
import { didYouMean } from '../../suggest.js';
import type { ColorChoice } from '../color.js';
import type { TraceLayoutOptions } from '../scenario/trace-layout.js';

/** Flags of `xmc hunt`, as they were given. */
export interface HuntOptions extends TraceLayoutOptions {
  readonly variant?: string;
  /** Not looked at yet: {@link huntStrategy} says which it is. */
  readonly strategy: string;
  readonly preemptions?: number;
  readonly executions?: number;
  /** Seconds. */
  readonly timeout?: number;
  readonly seed: number;
  readonly json?: boolean;
  readonly schedule?: string;
  readonly color: ColorChoice;
}

/** Executions where neither their number nor a time is given. */
export const DEFAULT_EXECUTIONS = 1000;

/** Refuses what cannot be meant. */
export function checkHuntOptions(options: HuntOptions): void {
  huntStrategy(options);
  if (options.schedule === '') throw new InputError('--schedule needs the name of a file');
}

/** The strategy that the flags name. */
export function huntStrategy({ strategy }: HuntOptions): HuntStrategy {
  const known = HUNT_STRATEGIES.find((name) => name === strategy);
  if (known !== undefined) return known;
  throw new InputError(`unknown strategy "${strategy}"`, {
    hint: didYouMean(strategy, HUNT_STRATEGIES) ?? `known: ${HUNT_STRATEGIES.join(', ')}`,
  });
}

/** How many executions are asked for: with a time alone, as many as there is time for. */
export function executionsOf({ executions, timeout }: HuntOptions): number {
  return executions ?? (timeout === undefined ? DEFAULT_EXECUTIONS : Number.POSITIVE_INFINITY);
}
