import { InputError } from '../../input-error.js';
import { type CheckChoice, type Engine, FINGERPRINT_BITS } from '../../judge/check/choice.js';
import { PROFILES } from '../../profile/profiles.js';
import { ALL_REDUCTIONS, NO_REDUCTIONS, REDUCTIONS, type Reductions } from '../../search/reduction/reductions.js';
import { didYouMean } from '../../suggest.js';
import type { ColorChoice } from '../color.js';
import type { TraceLayoutOptions } from '../scenario/trace-layout.js';
import { checkTraceOptions, type TraceOptions } from '../trace/trace-options.js';

/** Flags of `xmc check`, as they were given. */
export interface CheckOptions extends TraceLayoutOptions, TraceOptions {
  readonly variant?: string;
  readonly profile?: string;
  readonly engine: Engine;
  /** Distinct states. */
  readonly maxStates: number;
  /** Megabytes, of each variant. */
  readonly maxMemory: number;
  /** Variants at once, or threads of the one search. */
  readonly jobs: number;
  /** Seconds. */
  readonly timeout?: number;
  readonly schedule?: string;
  /** Which schedule is told of a violation; default: the first. */
  readonly counterexample?: 'fewest-preemptions' | 'shortest';
  readonly crossCheck?: boolean;
  readonly estimate?: boolean;
  /** Names given with `--no-reduction`. */
  readonly reduction: readonly string[];
  /** A directory to keep checkpoints in, and one with checkpoints to go on from. */
  readonly checkpoint?: string;
  readonly resume?: string;
  /** New states before the next checkpoint. */
  readonly checkpointEvery?: number;
  /** False: `--no-fingerprints`. */
  readonly fingerprints: boolean;
  readonly fingerprintSeed: number;
  /** False: `--no-move-cache`. */
  readonly moveCache: boolean;
  readonly color: ColorChoice;
}

/** The reductions that are on: all of them but those that the flags name, or `all`; none with the plain engine. */
export function reductionsOf({ engine, reduction }: CheckOptions): Reductions {
  if (engine === 'plain' || reduction.includes('all')) return NO_REDUCTIONS;
  return new Set([...ALL_REDUCTIONS].filter((name) => !reduction.includes(name)));
}

/** How the flags have a variant checked. */
export function choiceOf(options: CheckOptions): CheckChoice {
  const { engine, maxStates, maxMemory, fingerprints, fingerprintSeed, moveCache, timeout } = options;
  return {
    engine,
    reductions: reductionsOf(options),
    limits: { states: maxStates, memory: maxMemory * 2 ** 20 },
    fingerprints: fingerprints ? { bits: FINGERPRINT_BITS, seed: fingerprintSeed } : undefined,
    moveCache,
    timeout,
    counterexample: options.counterexample ?? 'fewest-preemptions',
    crossCheck: options.crossCheck === true,
  };
}

/** Refuses what cannot be meant. */
export function checkCheckOptions(options: CheckOptions): void {
  const { profile, schedule, engine, moveCache, jobs, reduction, crossCheck, counterexample } = options;
  if (options.estimate) requireEstimable(options);
  checkTraceOptions(options);
  checkCheckpointOptions(options);
  checkFingerprintOptions(options);
  if (schedule !== undefined && schedule === options.trace)
    throw new InputError('--schedule and --trace name the same file');
  if (schedule === '') throw new InputError('--schedule needs the name of a file');
  if (engine === 'plain' && !moveCache)
    throw new InputError('--no-move-cache: the plain engine remembers nothing anyway');
  if (jobs > 1 && engine === 'plain') throw new InputError('--jobs: the plain engine works alone');
  if (jobs > 1 && !moveCache)
    throw new InputError('--jobs: threads find moves to be remembered, and --no-move-cache remembers none');
  const names = Object.keys(REDUCTIONS);
  const unknown = reduction.find((name) => name !== 'all' && !names.includes(name));
  if (unknown !== undefined) {
    throw new InputError(`unknown reduction "${unknown}"`, {
      hint: didYouMean(unknown, names) ?? `known: ${names.join(', ')}, all`,
    });
  }
  if (crossCheck && (engine === 'plain' || reduction.includes('all')))
    throw new InputError('--cross-check compares with a search without reductions, and there are none to begin with');
  if (engine === 'plain' && reduction.length > 0)
    throw new InputError('--no-reduction: the plain engine has no reductions anyway');
  if (engine === 'plain' && counterexample !== undefined)
    throw new InputError('--counterexample: the plain engine tells the first of the shortest');
  if (profile === undefined || PROFILES.has(profile)) return;
  const profiles = [...PROFILES.keys()];
  throw new InputError(`unknown profile "${profile}"`, {
    hint: didYouMean(profile, profiles) ?? `known: ${profiles.join(', ')}`,
  });
}

/** Refuses what an estimate has no use for. */
function requireEstimable(options: CheckOptions): void {
  const { engine, crossCheck, schedule, timeout, jobs, checkpoint, resume } = options;
  if (engine === 'plain') throw new InputError('--estimate is of the fast engine');
  const unused = [
    ...(crossCheck === true ? ['--cross-check'] : []),
    ...(schedule === undefined ? [] : ['--schedule']),
    ...(options.trace === undefined ? [] : ['--trace']),
    ...(options.jsonl ? ['--jsonl'] : []),
    ...(timeout === undefined ? [] : ['--timeout']),
    ...(jobs === 1 ? [] : ['--jobs']),
    ...(options.fingerprints ? [] : ['--no-fingerprints']),
    ...(options.fingerprintSeed === 0 ? [] : ['--fingerprint-seed']),
    ...(checkpoint === undefined ? [] : ['--checkpoint']),
    ...(resume === undefined ? [] : ['--resume']),
  ];
  if (unused.length > 0) throw new InputError(`--estimate does not search, so that ${unused.join(', ')} has no use`);
}

function checkFingerprintOptions({ engine, fingerprints, fingerprintSeed }: CheckOptions): void {
  if (engine === 'plain' && (!fingerprints || fingerprintSeed !== 0))
    throw new InputError('the plain engine has no fingerprints');
  if (!fingerprints && fingerprintSeed !== 0)
    throw new InputError('--fingerprint-seed is of fingerprints, and --no-fingerprints makes none');
}

function checkCheckpointOptions({ checkpoint, resume, checkpointEvery, engine }: CheckOptions): void {
  if (checkpoint === '') throw new InputError('--checkpoint needs the name of a directory');
  if (resume === '') throw new InputError('--resume needs the name of a directory');
  if (checkpoint !== undefined && resume !== undefined) {
    throw new InputError('--checkpoint begins and --resume goes on: choose one', {
      hint: '--resume DIR goes on to write checkpoints there',
    });
  }
  const isKept = checkpoint !== undefined || resume !== undefined;
  if (isKept && engine === 'plain') throw new InputError('the plain engine keeps no checkpoints');
  if (!isKept && checkpointEvery !== undefined)
    throw new InputError('--checkpoint-every goes with --checkpoint or --resume');
}
