import type { CheckOptions } from '../../../src/cli/check/options.js';
import { DEFAULT_LIMITS } from '../../../src/judge/check/choice.js';

/** What `xmc check` does where no flag says otherwise. */
export const NO_FLAGS: CheckOptions = {
  engine: 'fast',
  maxStates: DEFAULT_LIMITS.states,
  maxMemory: DEFAULT_LIMITS.megabytes,
  jobs: 1,
  traceWidth: 100,
  reduction: [],
  fingerprints: true,
  fingerprintSeed: 0,
  moveCache: true,
  color: 'auto',
};
