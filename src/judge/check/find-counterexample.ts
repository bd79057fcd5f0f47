import type { FewestOf } from '../../report/check-report.js';
import type { CheckChoice } from './choice.js';
import { cutShortText } from './cut-short.js';
import type { Explorer, Violated } from './explorer.js';
import type { FoundSchedule } from './found-schedule.js';
import type { CheckProgress } from './progress.js';
import { SLICE, type Slices } from './slices.js';

/** A schedule may have so many times the steps of the shortest. */
const MOST_TIMES = 2;

/** What the search for a counterexample needs. */
interface FindingOptions {
  readonly choice: CheckChoice;
  readonly slices: Slices<CheckProgress>;
}

/**
 * The schedule that is told of a violation: of all of up to twice the length of the shortest one with the fewest preemptions,
 * and of those a shortest. Where there is no time or room to look for it, or nobody asks for it, a shortest of all.
 */
export async function findCounterexample(
  explorer: Explorer,
  end: Violated,
  { choice, slices }: FindingOptions,
): Promise<FoundSchedule> {
  const shortest = explorer.wayToViolation(end);
  const bound = MOST_TIMES * shortest.steps.length;
  const search = choice.counterexample === 'shortest' ? undefined : explorer.fewerPreemptions(end, shortest, bound);
  if (search === undefined) return shortest;
  const searched = await slices.run(
    () => search.advance(SLICE),
    () => ({ phase: 'counterexample', schedules: search.count, preemptions: search.preemptions }),
  );
  const fewest: FewestOf = { shortest: shortest.steps.length, bound, cutShort: undefined };
  if (searched.kind === 'none') return { ...shortest, fewest };
  if (searched.kind === 'found') {
    const { steps, preemptions } = searched;
    return { ...shortest, steps, preemptions, fewest };
  }
  const cutShort = { why: cutShortText(searched, choice), preemptions: search.preemptions };
  return { ...shortest, fewest: { ...fewest, cutShort } };
}
