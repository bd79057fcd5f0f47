import type { RecordedEnd } from '../explore/recorded-end.js';
import type { Divergence } from '../explore/replay.js';
import type { Schedule } from '../explore/schedule-file.js';
import { BACKENDS, type Backend, type Prepared, prepare } from '../judge/prepare.js';
import { prepareEmbedded } from '../judge/replay/prepare-embedded.js';
import { replaySchedule } from '../judge/replay/replay-schedule.js';
import type { LoadedScenario } from '../scenario/load.js';
import { type AbortOptions, type NamedFiles, onlookerOf, recipeOf, requireKnown } from './options.js';
import { type ToldViolation, toldViolation } from './result.js';
import { readSchedule } from './schedule-text.js';

/** How a schedule is replayed. */
export interface ReplayOptions extends AbortOptions {
  /** A scenario in the place of the one that the schedule has in it. */
  readonly against?: LoadedScenario | undefined;
  /** The ELF files that `against` names. */
  readonly files?: NamedFiles | undefined;
  /** The name of the schedule's file, for messages. */
  readonly file?: string | undefined;
  /** Which of the two interpreters of instructions executes it. Default: wasm. */
  readonly backend?: Backend | undefined;
}

/** What a replay has shown; `outcome` says which of the three it is. */
export type ReplayResult = ReproducedReplay | DivergedReplay | InterruptedReplay;

/** What all results of replays have in common. */
export interface ReplayResultBase {
  /** The name of the scenario. */
  readonly scenario: string;
  /** The name of the variant; undefined: the scenario as written. */
  readonly variant: string | undefined;
  /** The recorded steps. */
  readonly steps: number;
  /** How the recorded execution ended. */
  readonly recorded: RecordedEnd;
}

/** The recorded end was reached, through the recorded states. */
export interface ReproducedReplay extends ReplayResultBase {
  readonly outcome: 'reproduced';
  /** The hash of the last state. */
  readonly hash: string;
  /** The violation that it ends with; undefined: it ends otherwise. */
  readonly violation: ToldViolation | undefined;
}

/** The execution is another one: the scenario, or what executes it, has changed. */
export interface DivergedReplay extends ReplayResultBase {
  readonly outcome: 'diverged';
  /** The first step that differs, and how. */
  readonly divergence: Divergence;
}

/** The signal was aborted before the replay came to its end. */
export interface InterruptedReplay extends ReplayResultBase {
  readonly outcome: 'interrupted';
}

/**
 * Executes a recorded schedule again and compares every step with the record.
 * @param schedule of a result, or the text of a schedule file
 *
 * @example
 * const result = await replay(await readFile('stub.plain.schedule', 'utf8'));
 * if (result.outcome === 'diverged') console.log(result.divergence.step, result.divergence.found);
 *
 * @throws InputError when the text is no schedule, or the scenario cannot be built.
 */
export async function replay(schedule: Schedule | string, options: ReplayOptions = {}): Promise<ReplayResult> {
  const { file = 'schedule' } = options;
  requireKnown('backend', options.backend, BACKENDS);
  const read = typeof schedule === 'string' ? await readSchedule(schedule, file) : schedule;
  const { scenario, variant, steps, end: recorded } = read;
  const found = await replaySchedule(read, preparedFor(read, file, options), {
    watchers: [],
    onlooker: onlookerOf(options),
  });
  const base: ReplayResultBase = { scenario, variant, steps: steps.length, recorded };
  if (found === undefined) return { ...base, outcome: 'interrupted' };
  const { outcome, hash, violation } = found;
  return outcome.kind === 'diverged'
    ? { ...base, outcome: 'diverged', divergence: outcome }
    : { ...base, outcome: 'reproduced', hash, violation: violation && toldViolation(violation) };
}

function preparedFor(schedule: Schedule, file: string, { against, files, backend = 'wasm' }: ReplayOptions): Prepared {
  const { variant, profile } = schedule;
  return against === undefined
    ? prepareEmbedded(schedule, file, backend)
    : prepare(recipeOf(against, { variant, profile, files }, backend));
}
