import type { SchedulerName } from '../../explore/schedulers.js';
import { InputError } from '../../input-error.js';
import type { Backend } from '../../judge/prepare.js';
import { MAX_SEED, type RunChoice } from '../../judge/run/choice.js';
import type { ColorChoice } from '../color.js';
import { checkTraceOptions, type TraceOptions } from '../trace/trace-options.js';

/** Flags of `xmc run`, as they were given. */
export interface RunOptions extends TraceOptions {
  readonly variant?: string;
  readonly scheduler: SchedulerName;
  readonly seed?: number;
  readonly runs?: number;
  readonly steps?: number;
  readonly schedule?: string;
  readonly backend: Backend;
  readonly color: ColorChoice;
}

/** How the flags have a variant executed. */
export function choiceOf({ scheduler, seed = 1, runs = 1, steps, schedule }: RunOptions): RunChoice {
  return { scheduler, seed, runs, steps, keepSchedule: schedule !== undefined };
}

/** Refuses flags that contradict each other. */
export function checkRunOptions(options: RunOptions): void {
  const { scheduler, seed, runs = 1, trace, schedule } = options;
  checkTraceOptions(options);
  if (schedule === '') throw new InputError('--schedule needs the name of a file');
  if (schedule !== undefined && schedule === trace) throw new InputError('--schedule and --trace name the same file');
  if (scheduler === 'round-robin' && (runs > 1 || seed !== undefined)) {
    const flag = seed === undefined ? '--runs' : '--seed';
    throw new InputError(`${flag} has no meaning with --scheduler round-robin: every such run is the same`);
  }
  if ((seed ?? 1) + runs - 1 > MAX_SEED) throw new InputError(`the last seed would be larger than ${MAX_SEED}`);
}
