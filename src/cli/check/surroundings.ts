import type { CheckSurroundings as JudgedAround } from '../../judge/check/check-variant.js';
import type { CheckProgress } from '../../judge/check/progress.js';
import { nameOf, type Recipe } from '../../judge/prepare.js';
import type { Paint } from '../../report/paint.js';
import { grouped } from '../../report/quantity.js';
import type { Search } from '../../search/search.js';
import { type Interrupt, interruptedBy } from '../io/interrupt.js';
import { note } from '../io/note.js';
import type { Progress } from '../io/progress.js';
import type { Checkpoints } from './checkpoint/checkpoints.js';
import { HelperThreads } from './jobs/helper-threads.js';
import { type CheckOptions, choiceOf } from './options.js';

/** What the check of variants by a command needs. */
export interface CheckSurroundings {
  readonly options: CheckOptions;
  /** The scenario file, as on the command line. */
  readonly path: string;
  readonly paint: Paint;
  /** Columns of the longest name of a variant. */
  readonly width: number;
  /** How this program was called. */
  readonly program: string;
  readonly interrupt: Pick<Interrupt, 'code' | 'pause'>;
  readonly progress: Pick<Progress, 'update' | 'clear'>;
  /** Undefined: none are kept. */
  readonly checkpoints: Checkpoints | undefined;
}

/** The same without files, flags, terminals and threads. */
export function judgedAround(recipe: Recipe, around: CheckSurroundings): JudgedAround {
  const { options, interrupt, progress, checkpoints } = around;
  const choice = choiceOf(options);
  const name = nameOf(recipe);
  return {
    choice,
    onlooker: interruptedBy(interrupt),
    progress: {
      update: (how) => progress.update(() => progressText(name, how())),
      clear: () => progress.clear(),
    },
    helpers: options.jobs > 1 ? new HelperThreads(options.jobs - 1, recipe, choice.reductions) : undefined,
    keeper: options.engine === 'plain' ? undefined : checkpoints?.of(recipe),
    onFingerprints: (search) => noteFingerprints(name, search, options),
  };
}

function noteFingerprints(name: string, { states }: Search, { maxMemory }: CheckOptions): void {
  note(
    `${name}: ${grouped(maxMemory)} MB are in use after ${grouped(states.count)} states: from here on 64-bit fingerprints stand ` +
      'for states, and a verdict is probabilistic (--no-fingerprints ends the check here instead)',
  );
}

/** How far a check is, in a line. */
export function progressText(name: string, progress: CheckProgress): string {
  if (progress.phase === 'counterexample')
    return `${name}: violated; ${grouped(progress.schedules)} schedules with ${progress.preemptions} preemptions`;
  const { states, frontier, transitions, depth, memory, seconds } = progress;
  const rate = Math.round(transitions / Math.max(seconds, 0.001) / 1000);
  return `${name}: ${grouped(states)} states, ${grouped(frontier)} to look at, depth ${depth}, ${grouped(rate)} k/s, ${Math.round(memory / 2 ** 20)} MB`;
}
