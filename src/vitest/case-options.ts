import { type CheckOptions, choiceOf } from '../api/check.js';
import { onlookerOf } from '../api/options.js';
import { replayable } from '../cli/run/write-schedule.js';
import type { CaseSurroundings } from '../regression/judge-case.js';

/** How far a variant is searched. */
export type LimitOptions = Pick<CheckOptions, 'maxStates' | 'maxMemory' | 'timeout' | 'reductions' | 'fingerprints'>;

/** How kept schedules are dealt with. */
export interface KeepingOptions {
  /**
   * Whether the kept schedules are made anew: all of it is checked, and what that finds is kept, nothing else. Default: with `vitest -u`
   * or XMC_UPDATE=1.
   */
  readonly update?: boolean | undefined;
}

/** What judges cases inside of a test. */
export function surroundingsOf(
  options: LimitOptions & KeepingOptions,
  state: unknown,
  signal: AbortSignal | undefined,
): CaseSurroundings {
  const program = 'npx xmc';
  return {
    choice: choiceOf(options),
    onlooker: onlookerOf({ signal }),
    progress: { update: () => {}, clear: () => {} },
    update: options.update ?? isUpdating(state),
    replayCommand: (file) => replayable(file, program).replay,
  };
}

/** @param state of vitest's `expect`: it knows whether snapshots are updated */
function isUpdating(state: unknown): boolean {
  const { snapshotState } = state as { readonly snapshotState?: { readonly snapshotUpdateState?: unknown } };
  return process.env.XMC_UPDATE === '1' || snapshotState?.snapshotUpdateState === 'all';
}
