import { preemptionsOf } from '../../explore/strategy/preemption-counter.js';
import type { Step } from '../../machine/step.js';
import type { FewestOf, NothingShorter } from '../../report/check-report.js';
import type { WayStep } from '../../search/move.js';
import type { Search } from '../../search/search.js';
import { stepsOfWay } from '../../search/way-steps.js';

/** A schedule, and how many preemptions are in it, if somebody counted them. */
export interface FoundSchedule {
  readonly steps: readonly Step[];
  readonly preemptions: number | undefined;
  /** Undefined: it is a shortest, and nobody has looked for longer ones with fewer preemptions. */
  readonly fewest?: FewestOf | undefined;
  /** Default: sure. */
  readonly nothingShorter?: NothingShorter | undefined;
}

/** What violates a property in the first state. */
export const NO_STEPS: FoundSchedule = { steps: [], preemptions: 0 };

/** The schedule that a way of a search stands for. */
export function foundSchedule(
  search: Search,
  way: readonly WayStep[],
  nothingShorter: NothingShorter = 'sure',
): FoundSchedule {
  const { machine } = search;
  search.restore(0);
  const steps = stepsOfWay(machine, way);
  // Counted anew: of steps that were fused some may wait where the last one of them does not.
  search.restore(0);
  return { steps, preemptions: preemptionsOf(machine, steps), nothingShorter };
}
