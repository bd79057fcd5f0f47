import { InputError } from '../../input-error.js';
import { PROFILES } from '../../profile/profiles.js';
import { didYouMean } from '../../suggest.js';
import type { ColorChoice } from '../color.js';

/** The two engines by name. */
export const ENGINES = ['plain', 'fast'] as const;
export type Engine = (typeof ENGINES)[number];

/** Flags of `xmc check`, as they were given. */
export interface CheckOptions {
  readonly variant?: string;
  readonly profile?: string;
  readonly engine: Engine;
  /** Distinct states. */
  readonly maxStates: number;
  /** Megabytes. */
  readonly maxMemory: number;
  /** Seconds. */
  readonly timeout?: number;
  readonly json?: boolean;
  readonly schedule?: string;
  /** Columns. */
  readonly traceWidth: number;
  /** False: `--no-move-cache`. */
  readonly moveCache: boolean;
  readonly color: ColorChoice;
}

/** Limits of a search where the command line does not say. */
export const DEFAULT_LIMITS = { states: 20_000_000, megabytes: 4096 } as const;

/** Refuses what cannot be meant. */
export function checkCheckOptions({ profile, schedule, engine, moveCache }: CheckOptions): void {
  if (schedule === '') throw new InputError('--schedule needs the name of a file');
  if (engine === 'plain' && !moveCache)
    throw new InputError('--no-move-cache: the plain engine remembers nothing anyway');
  if (profile === undefined || PROFILES.has(profile)) return;
  const names = [...PROFILES.keys()];
  throw new InputError(`unknown profile "${profile}"`, {
    hint: didYouMean(profile, names) ?? `known: ${names.join(', ')}`,
  });
}
