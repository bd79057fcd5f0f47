import type { CheckOptions } from '../../cli/check/options.js';
import type { FewestOf } from '../../report/check-report.js';
import { grouped } from '../../report/quantity.js';
import { cutShortText } from './cut-short.js';
import type { Explorer, FoundSchedule, Violated } from './explorer.js';
import { SLICE, type Slices } from './slices.js';

/** A schedule may have so many times the steps of the shortest. */
const MOST_TIMES = 2;

/** What the search for a counterexample needs. */
interface FindingOptions {
  readonly options: CheckOptions;
  /** Of the variant, for people. */
  readonly name: string;
  readonly slices: Slices;
}

/**
 * The schedule that is told of a violation: of all of up to twice the length of the shortest one with the fewest preemptions,
 * and of those a shortest. Where there is no time or room to look for it, or nobody asks for it, a shortest of all.
 */
export async function findCounterexample(
  explorer: Explorer,
  end: Violated,
  { options, name, slices }: FindingOptions,
): Promise<FoundSchedule> {
  const shortest = explorer.wayToViolation(end);
  const bound = MOST_TIMES * shortest.steps.length;
  const search = options.counterexample === 'shortest' ? undefined : explorer.fewerPreemptions(end, shortest, bound);
  if (search === undefined) return shortest;
  const searched = await slices.run(
    () => search.advance(SLICE),
    () => `${name}: violated; ${grouped(search.count)} schedules with ${search.preemptions} preemptions`,
  );
  const fewest: FewestOf = { shortest: shortest.steps.length, bound, cutShort: undefined };
  if (searched.kind === 'none') return { ...shortest, fewest };
  if (searched.kind === 'found') {
    const { steps, preemptions } = searched;
    return { ...shortest, steps, preemptions, fewest };
  }
  const cutShort = { why: cutShortText(searched, options), preemptions: search.preemptions };
  return { ...shortest, fewest: { ...fewest, cutShort } };
}
