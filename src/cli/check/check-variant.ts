import { probabilityText, type Verdict } from '../../explore/verdict.js';
import { PROGRESS } from '../../property/progress.js';
import type { CheckReport } from '../../report/check-report.js';
import type { Paint } from '../../report/paint.js';
import { grouped } from '../../report/quantity.js';
import { standstillText } from '../../report/standstill.js';
import { crossCheck } from '../../search/cross-check.js';
import type { FingerprintUse } from '../../search/fingerprints.js';
import type { Search } from '../../search/search.js';
import type { SearchEnd } from '../../search/search-end.js';
import type { Interrupt } from '../io/interrupt.js';
import { note } from '../io/note.js';
import type { Progress } from '../io/progress.js';
import { conditionsOf } from '../scenario/conditions.js';
import { expectedOf } from '../scenario/expected.js';
import { nameOf, type Prepared, prepare, type Recipe } from '../scenario/prepare.js';
import type { Checkpoints } from './checkpoint/checkpoints.js';
import { cutShortText } from './cut-short.js';
import { type Explorer, explorerFor, type StuckEnd } from './explorer.js';
import { findCounterexample } from './find-counterexample.js';
import { HelperThreads } from './jobs/helper-threads.js';
import { type CheckOptions, limitsOf, reductionsOf } from './options.js';
import { SLICE, Slices, type Stopped } from './slices.js';
import { type CheckResult, tellCounterexample } from './tell-counterexample.js';

/** What the search of a variant needs. */
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

/** A search that missed a state with a greater probability has verified nothing (docs/soundness/fingerprints.md). */
const MOST_PROBABLE_OMISSION = 1e-3;

/** How a search ended: by itself, or because somebody or the clock said so. */
type Ended = SearchEnd | Stopped;

/** Explores every schedule of a variant. */
export async function checkVariant(recipe: Recipe, around: CheckSurroundings): Promise<CheckResult> {
  const { options } = around;
  const prepared = prepare(recipe);
  const { built } = prepared;
  const threads = options.jobs > 1 ? new HelperThreads(options.jobs - 1, recipe, reductionsOf(options)) : undefined;
  const explorer = explorerFor(built, options, threads);
  const slices = new Slices(around);
  const name = nameOf(recipe);
  const end = await kept(explorer, recipe, around, slices).finally(() => threads?.close());
  const first = end.kind === 'exhausted' && built.properties.includes(PROGRESS) ? explorer.firstStuck() : undefined;
  const stuck = first === undefined ? undefined : explorer.stuck(first, prepared.subject.code);
  const goals = built.monitors.goals.filter(({ reached }) => !reached).map(({ name }) => name);
  const verdict = verdictOf(end, stuck, goals, { options, fingerprints: explorer.fingerprints });
  const { scenario } = built;
  const report: CheckReport = {
    variant: recipe.variant,
    verdict,
    expected: expectedOf(scenario.expect),
    engine: options.engine,
    reductions: explorer.reductions,
    ...conditionsOf(built),
    counts: explorer.counts,
    fingerprints: explorer.fingerprints,
    goalsNotReached: goals,
    details: [...detailsOf(end, stuck, explorer, prepared), ...crossCheckText(recipe, options)],
    counterexample: undefined,
  };
  const provenWay = stuck?.isProven ? stuck.schedule : undefined;
  const way = end.kind === 'violated' ? await findCounterexample(explorer, end, { options, name, slices }) : provenWay;
  return way === undefined ? { report, schedule: undefined } : tellCounterexample(recipe, way, around, report);
}

/** Does the search with and without reductions, if that is asked for, and says what came of it. */
function crossCheckText(recipe: Recipe, options: CheckOptions): readonly string[] {
  if (options.crossCheck !== true) return [];
  const limits = limitsOf(options);
  const { difference, isPartial, unreduced } = crossCheck(() => prepare(recipe).built, reductionsOf(options), limits);
  if (difference !== undefined) throw new Error(`the search without reductions differs in ${difference}`);
  return isPartial
    ? ['cross-check: nothing to compare, a search came to its limit']
    : [`cross-check: ${grouped(unreduced)} states without reductions say the same`];
}

/** Lets the search go on until it ends, or somebody or the clock ends it; with checkpoints if they are wanted. */
async function kept(explorer: Explorer, recipe: Recipe, around: CheckSurroundings, slices: Slices): Promise<Ended> {
  const name = nameOf(recipe);
  const slice = around.options.engine === 'plain' ? SLICE / 20 : SLICE;
  const { resumable: search } = explorer;
  const checkpoint = search === undefined ? undefined : around.checkpoints?.of(recipe);
  if (search !== undefined) {
    checkpoint?.follow(search);
    search.onFingerprints = () => noteFingerprints(name, search, around.options);
  }
  const end: Ended = await slices.run(
    () => explorer.advance(slice),
    (seconds) => progressText(name, explorer, seconds),
  );
  if (search !== undefined) checkpoint?.leave(search, isPartial(end));
  return end;
}

function noteFingerprints(name: string, { states }: Search, { maxMemory }: CheckOptions): void {
  note(
    `${name}: ${grouped(maxMemory)} MB are in use after ${grouped(states.count)} states: from here on 64-bit fingerprints stand ` +
      'for states, and a verdict is probabilistic (--no-fingerprints ends the check here instead)',
  );
}

function progressText(name: string, { counts }: Explorer, seconds: number): string {
  const { states, frontier, transitions, depth, memory } = counts;
  const rate = Math.round(transitions / Math.max(seconds, 0.001) / 1000);
  return `${name}: ${grouped(states)} states, ${grouped(frontier)} to look at, depth ${depth}, ${grouped(rate)} k/s, ${Math.round(memory / 2 ** 20)} MB`;
}

/** What a verdict rests on beside how the search ended. */
interface Basis {
  readonly options: CheckOptions;
  readonly fingerprints: FingerprintUse | undefined;
}

function verdictOf(
  end: Ended,
  stuck: StuckEnd | undefined,
  goals: readonly string[],
  { options, fingerprints }: Basis,
): Verdict {
  switch (end.kind) {
    case 'violated':
      return { kind: 'violated', property: end.violation.property };
    case 'unsupported':
      return { kind: 'inconclusive', reason: 'unsupported instruction' };
    case 'limit':
    case 'timeout':
    case 'interrupted':
      return { kind: 'inconclusive', reason: cutShortText(end, options) };
    case 'exhausted':
      if (stuck?.isProven === false) return { kind: 'inconclusive', reason: 'progress, by fingerprints alone' };
      if (stuck !== undefined) return { kind: 'violated', property: PROGRESS };
      return goals.length > 0 ? { kind: 'inconclusive', reason: 'vacuous' } : verifiedBut(fingerprints);
  }
}

/** Verified, if nothing was missed; that is too little where it is not probable enough. */
function verifiedBut(fingerprints: FingerprintUse | undefined): Verdict {
  if (fingerprints === undefined) return { kind: 'verified' };
  const { probability } = fingerprints;
  return probability <= MOST_PROBABLE_OMISSION
    ? { kind: 'verified', probability }
    : { kind: 'inconclusive', reason: `probabilistic ${probabilityText(probability)}` };
}

function detailsOf(
  end: Ended,
  stuck: StuckEnd | undefined,
  explorer: Explorer,
  { built, subject }: Prepared,
): readonly string[] {
  if (stuck?.isProven) return stuck.details;
  if (end.kind === 'unsupported')
    return standstillText({ kind: 'unsupported', stop: end.stop }, built.machine, subject.code);
  if (!isPartial(end)) return [];
  const { counts, fingerprints } = explorer;
  const { depth, frontier } = counts;
  const unless =
    fingerprints === undefined ? '' : ` unless a state was missed (${probabilityText(fingerprints.probability)})`;
  return [
    `every schedule of up to ${grouped(depth)} steps was looked at, without a violation${unless}; ${grouped(frontier)} states were left to look at`,
  ];
}

/** Whether there was more to look at. */
function isPartial({ kind }: Ended): boolean {
  return kind === 'limit' || kind === 'timeout' || kind === 'interrupted';
}
