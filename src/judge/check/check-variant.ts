import { probabilityText, type Verdict } from '../../explore/verdict.js';
import { PROGRESS } from '../../property/progress.js';
import type { CheckReport } from '../../report/check-report.js';
import type { CodeText } from '../../report/code-text.js';
import { grouped } from '../../report/quantity.js';
import { standstillText } from '../../report/standstill.js';
import { crossCheck } from '../../search/cross-check.js';
import type { FingerprintUse } from '../../search/fingerprints.js';
import type { Helpers } from '../../search/helpers/help.js';
import type { Search } from '../../search/search.js';
import type { SearchEnd } from '../../search/search-end.js';
import { conditionsOf } from '../conditions.js';
import { expectedOf } from '../expected.js';
import type { Onlooker, ProgressListener } from '../onlooker.js';
import { type Prepared, prepare, type Recipe } from '../prepare.js';
import { type CheckedCounterexample, checkedCounterexample } from './checked-counterexample.js';
import type { CheckChoice } from './choice.js';
import { cutShortText } from './cut-short.js';
import { type Explorer, explorerFor } from './explorer.js';
import { findCounterexample } from './find-counterexample.js';
import type { CheckProgress } from './progress.js';
import { SLICE, Slices, type Stopped } from './slices.js';
import type { StuckEnd } from './stuck-end.js';

/** What the check of a variant needs. */
export interface CheckSurroundings {
  readonly choice: CheckChoice;
  readonly onlooker: Onlooker;
  readonly progress: ProgressListener<CheckProgress>;
  /** Who helps the search, until it is over. */
  readonly helpers?: ClosableHelpers | undefined;
  /** Who writes the search down; the plain engine's cannot be. */
  readonly keeper?: SearchKeeper | undefined;
  /** Hears that memory is used up, and that fingerprints stand for states from now on. */
  readonly onFingerprints?: (search: Search) => void;
}

/** Helpers that are started when they are asked, and ended by {@link close}. */
export interface ClosableHelpers extends Helpers {
  close(): Promise<void>;
}

/** Writes a search down, or goes on from where it was written down. */
export interface SearchKeeper {
  /** A search is about to begin. */
  follow(search: Search): void;
  /**
   * The search is over, as far as it goes.
   * @param isPartial it could go on
   */
  leave(search: Search, isPartial: boolean): void;
}

/** What the check of a variant has shown. */
export interface CheckFinding {
  /** Without its counterexample. */
  readonly report: CheckReport;
  /** Of every violation. */
  readonly counterexample: CheckedCounterexample | undefined;
}

/** A search that missed a state with a greater probability has verified nothing (docs/soundness/fingerprints.md). */
const MOST_PROBABLE_OMISSION = 1e-3;

/** How a search ended: by itself, or because somebody or the clock said so. */
type Ended = SearchEnd | Stopped;

/** Explores every schedule of a variant. */
export async function checkVariant(recipe: Recipe, around: CheckSurroundings): Promise<CheckFinding> {
  const { choice, onlooker, progress, helpers } = around;
  const prepared = prepare(recipe);
  const { built } = prepared;
  const explorer = explorerFor(built, choice, helpers);
  const slices = new Slices(onlooker, progress, choice.timeout);
  const end = await kept(explorer, around, slices).finally(() => helpers?.close());
  const isStuckAsked = end.kind === 'exhausted' && built.properties.includes(PROGRESS);
  const stuck = isStuckAsked ? await toldStuck(explorer, prepared.subject.code, slices) : undefined;
  const goals = built.monitors.goals.filter(({ reached }) => !reached).map(({ name }) => name);
  const verdict = verdictOf(end, stuck, goals, { choice, fingerprints: explorer.fingerprints });
  const { scenario } = built;
  const report: CheckReport = {
    variant: recipe.variant,
    verdict,
    expected: expectedOf(scenario.expect),
    engine: choice.engine,
    reductions: explorer.reductions,
    ...conditionsOf(built),
    counts: explorer.counts,
    fingerprints: explorer.fingerprints,
    goalsNotReached: goals,
    details: [...detailsOf(end, stuck, explorer, prepared), ...crossCheckText(recipe, choice)],
    counterexample: undefined,
  };
  const provenWay = stuck?.isProven ? stuck.schedule : undefined;
  const way = end.kind === 'violated' ? await findCounterexample(explorer, end, { choice, slices }) : provenWay;
  return { report, counterexample: way && checkedCounterexample(recipe, way, report) };
}

/** Does the search with and without reductions, if that is asked for, and says what came of it. */
function crossCheckText(recipe: Recipe, choice: CheckChoice): readonly string[] {
  if (!choice.crossCheck) return [];
  const { reductions, limits } = choice;
  const { difference, isPartial, unreduced } = crossCheck(() => prepare(recipe).built, reductions, limits);
  if (difference !== undefined) throw new Error(`the search without reductions differs in ${difference}`);
  return isPartial
    ? ['cross-check: nothing to compare, a search came to its limit']
    : [`cross-check: ${grouped(unreduced)} states without reductions say the same`];
}

/** Lets the search go on until it ends, or somebody or the clock ends it; written down if that is wanted. */
async function kept(explorer: Explorer, around: CheckSurroundings, slices: Slices<CheckProgress>): Promise<Ended> {
  const { choice, keeper, onFingerprints } = around;
  const slice = choice.engine === 'plain' ? SLICE / 20 : SLICE;
  const { resumable: search } = explorer;
  if (search !== undefined) {
    keeper?.follow(search);
    search.onFingerprints = () => onFingerprints?.(search);
  }
  const end: Ended = await slices.run(
    () => explorer.advance(slice),
    (seconds) => ({ phase: 'search', seconds, ...explorer.counts }),
  );
  if (search !== undefined) keeper?.leave(search, isPartial(end));
  return end;
}

/** What violates `progress`: the nearest of its kind, or what was found, where there is no time or room to look for that. */
async function toldStuck(
  explorer: Explorer,
  code: CodeText,
  slices: Slices<CheckProgress>,
): Promise<StuckEnd | undefined> {
  const found = explorer.stuck(code);
  const again = found && explorer.stuckAgain(code);
  if (again === undefined) return found;
  const told = await slices.run(
    () => again.advance(SLICE),
    (seconds) => ({ phase: 'search', seconds, ...again.counts }),
  );
  return (told.kind === 'told' ? told.stuck : undefined) ?? found;
}

/** What a verdict rests on beside how the search ended. */
interface Basis {
  readonly choice: CheckChoice;
  readonly fingerprints: FingerprintUse | undefined;
}

function verdictOf(
  end: Ended,
  stuck: StuckEnd | undefined,
  goals: readonly string[],
  { choice, fingerprints }: Basis,
): Verdict {
  switch (end.kind) {
    case 'violated':
      return { kind: 'violated', property: end.violation.property };
    case 'unsupported':
      return { kind: 'inconclusive', reason: 'unsupported instruction' };
    case 'limit':
    case 'timeout':
    case 'interrupted':
      return { kind: 'inconclusive', reason: cutShortText(end, choice) };
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
