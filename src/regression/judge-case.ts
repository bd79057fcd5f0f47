import type { Schedule } from '../explore/schedule-file.js';
import { type Verdict, verdictText } from '../explore/verdict.js';
import { InputError } from '../input-error.js';
import { type CheckSurroundings, checkVariant } from '../judge/check/check-variant.js';
import type { CheckedCounterexample } from '../judge/check/checked-counterexample.js';
import { expectedOf } from '../judge/expected.js';
import { prepare, type Recipe } from '../judge/prepare.js';
import type { CaseCounterexample, CaseOutcome, CaseReport, SettledSchedule } from '../report/case-report.js';
import { type Expected, isExpected } from '../report/run-report.js';
import { followSchedule } from './follow-schedule.js';
import { isNeedless, keptAlready } from './kept-already.js';
import type { KeptSchedule, Shelf } from './shelf.js';
import { sourcePlaces } from './source-places.js';
import { toldCounterexample } from './told-counterexample.js';

/** A variant that is judged again and again. */
export interface RegressionCase {
  readonly recipe: Recipe;
  readonly expected: Expected;
  /** Undefined: no schedules are kept of it. */
  readonly shelf: Shelf | undefined;
}

/** How cases are judged. */
export interface CaseSurroundings extends Omit<CheckSurroundings, 'keeper' | 'helpers'> {
  /** Who helps the search of a variant. */
  readonly helpersFor?: ((recipe: Recipe) => CheckSurroundings['helpers']) | undefined;
  /** Whether what is kept is made anew. */
  readonly update: boolean;
  /** The command that replays a file. */
  readonly replayCommand: (file: string) => string;
}

/** What a scenario expects of a variant. Where it says nothing, no schedule may violate anything. */
export function expectedOfCase({ loaded, variant }: Recipe): Expected {
  return expectedOf(loaded.variant(variant).expect) ?? { verdict: 'verified', property: undefined };
}

/**
 * Follows the schedules that were kept of a case, and checks it if none of them still violates something. A violation that is
 * not expected is kept.
 *
 * With `update` the kept ones are not followed: afterwards what the check has found is kept, and nothing else.
 */
export async function judgeCase(one: RegressionCase, around: CaseSurroundings): Promise<CaseReport> {
  const settled: SettledSchedule[] = [];
  const report = { ...caseHead(one.recipe), settled, unwritten: undefined };
  try {
    const kept = around.update ? [] : await requireOwn(one);
    for (const { file, schedule } of kept) {
      const followed = await followSchedule(one.recipe, schedule, around.onlooker);
      if (followed.kind === 'interrupted') return { ...report, outcome: INTERRUPTED };
      if (followed.kind === 'settled') {
        settled.push({ file, unfit: followed.unfit, isOpen: followed.isOpen });
        continue;
      }
      const { counterexample } = followed;
      const verdict: Verdict = { kind: 'violated', property: counterexample.property };
      // That something else can be violated as well says nothing about the violation that is expected.
      if (one.expected.verdict === 'violated' && isExpected(verdict, one.expected) !== true) continue;
      const told = { ...counterexample, kept: { file, replay: around.replayCommand(file) } };
      return { ...report, outcome: judged(one.expected, verdict, { states: undefined, counterexample: told }) };
    }
    return { ...report, ...(await checked(one, kept, around)) };
  } catch (error) {
    if (error instanceof InputError) return { ...report, outcome: { kind: 'invalid', error } };
    throw error;
  }
}

const INTERRUPTED: CaseOutcome = { kind: 'inconclusive', reason: 'interrupted', details: [] };

/** Of which variant a report is. */
function caseHead({ loaded, variant }: Recipe): Pick<CaseReport, 'scenario' | 'file' | 'variant' | 'place'> {
  // No variant has an empty key: what is nearest to it is the variant's own key.
  const path = variant === undefined ? ['scenario'] : ['variants', variant, ''];
  return { scenario: loaded.name, file: loaded.file, variant, place: loaded.locate(path).location };
}

/** @throws InputError when a schedule is of another scenario or variant, or was recorded under another profile. */
async function requireOwn({
  recipe: { loaded, variant, profile },
  shelf,
}: RegressionCase): Promise<readonly KeptSchedule[]> {
  const kept = (await shelf?.read()) ?? [];
  const named = (name: string, of: string | undefined): string => (of === undefined ? name : `${name}, variant ${of}`);
  for (const { file, schedule } of kept) {
    if (schedule.scenario === loaded.name && schedule.variant === variant) {
      if (schedule.profile === profile) continue;
      const [is, wanted] = [schedule.profile, profile].map((name) => (name ? `profile ${name}` : "scenario's profile"));
      throw new InputError(`recorded under the ${is}, but the case is checked under the ${wanted}`, {
        location: { file },
      });
    }
    const [is, wanted] = [named(schedule.scenario, schedule.variant), named(loaded.name, variant)];
    throw new InputError(`a schedule of ${is}, but schedules of ${wanted} are kept under this name`, {
      location: { file },
    });
  }
  return kept;
}

async function checked(
  one: RegressionCase,
  kept: readonly KeptSchedule[],
  around: CaseSurroundings,
): Promise<Pick<CaseReport, 'outcome' | 'unwritten'>> {
  const { recipe, expected } = one;
  const { report, counterexample } = await checkVariant(recipe, { ...around, helpers: around.helpersFor?.(recipe) });
  const { verdict, details, goalsNotReached, counts } = report;
  if (verdict.kind === 'inconclusive') {
    const goals = goalsNotReached.map((goal) => `goal not reached: ${goal}`);
    return {
      outcome: { kind: 'inconclusive', reason: verdict.reason, details: [...details, ...goals] },
      unwritten: undefined,
    };
  }
  const isUnexpected = isExpected(verdict, expected) !== true;
  const schedule = isUnexpected ? counterexample?.schedule : undefined;
  const { file, unwritten } = await keep(one, kept, around.update, schedule);
  const where = file === undefined ? undefined : { file, replay: around.replayCommand(file) };
  const told = counterexample && { ...toldByCheck(recipe, verdict, counterexample), kept: where };
  return { outcome: judged(expected, verdict, { states: counts.states, counterexample: told }), unwritten };
}

/** That it cannot be kept takes nothing from what was found: both are told. */
async function keep(
  { shelf }: RegressionCase,
  kept: readonly KeptSchedule[],
  update: boolean,
  schedule: Schedule | undefined,
): Promise<{ readonly file: string | undefined; readonly unwritten: InputError | undefined }> {
  try {
    if (update) return { file: await shelf?.replace(schedule), unwritten: undefined };
    if (schedule === undefined) return { file: undefined, unwritten: undefined };
    const same = keptAlready(kept, schedule);
    if (same !== undefined || isNeedless(kept, schedule)) return { file: same?.file, unwritten: undefined };
    return { file: await shelf?.add(schedule), unwritten: undefined };
  } catch (error) {
    if (error instanceof InputError) return { file: undefined, unwritten: error };
    throw error;
  }
}

function toldByCheck(
  recipe: Recipe,
  verdict: Verdict,
  { found, told }: CheckedCounterexample,
): Omit<CaseCounterexample, 'kept'> {
  if (verdict.kind !== 'violated') throw new Error(`a counterexample of ${verdictText(verdict)}`);
  const { steps, subject, violation, trace } = told;
  const places = sourcePlaces(prepare(recipe).built, recipe.loaded);
  return toldCounterexample(verdict.property, {
    steps,
    length: found.steps.length,
    subject,
    violation: violation?.violation,
    places,
    trace,
  });
}

function judged(
  expected: Expected,
  verdict: Verdict,
  rest: { readonly states: number | undefined; readonly counterexample: CaseCounterexample | undefined },
): CaseOutcome {
  return { kind: isExpected(verdict, expected) === true ? 'passed' : 'failed', expected, verdict, ...rest };
}
