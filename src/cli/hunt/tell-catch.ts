import type { Catch, Hunt } from '../../explore/hunt/hunt.js';
import { type Places, placeOfViolation, samePlace } from '../../explore/hunt/place-of-violation.js';
import type { Schedule } from '../../explore/schedule-file.js';
import { switchesOf } from '../../explore/shrink/normal-form.js';
import { Reproducer } from '../../explore/shrink/reproducer.js';
import { Shrinker } from '../../explore/shrink/shrinker.js';
import { preemptionsOf } from '../../explore/strategy/preemption-counter.js';
import type { Recipe } from '../../judge/prepare.js';
import { recipeSchedule } from '../../judge/recipe-schedule.js';
import { toldSchedule } from '../../judge/told-schedule.js';
import type { Violation } from '../../property/violation.js';
import type { HuntedViolation } from '../../report/hunt-report.js';
import { quantity } from '../../report/quantity.js';
import type { BuiltScenario } from '../../scenario/build/build.js';
import { layoutOf } from '../scenario/trace-layout.js';
import type { HuntSurroundings } from './hunt-variant.js';

/** Candidates for a shorter schedule between two looks at signals. */
const CANDIDATES = 20;

/** What the violations of one variant have in common. */
export interface CatchContext {
  readonly built: BuiltScenario;
  readonly places: Places;
  readonly recipe: Recipe;
  readonly around: HuntSurroundings;
}

/** A violation as reports have it, and as a schedule file does. */
export interface ToldCatch {
  readonly violation: HuntedViolation;
  readonly schedule: Schedule;
}

/** Makes the schedule of a violation short, unless somebody interrupts, and tells it. */
export async function tellCatch(found: Catch, { start }: Hunt, context: CatchContext): Promise<ToldCatch> {
  const { built, places, recipe, around } = context;
  const { options, paint, interrupt, progress } = around;
  const { machine, monitors } = built;
  const isSame = (other: Violation): boolean => samePlace(placeOfViolation(other, places), found);
  const shrinker = new Shrinker(new Reproducer(machine, monitors, start, isSame), found.first.schedule);
  while (interrupt.code === undefined && !shrinker.advance(CANDIDATES)) {
    progress.update(() => `shrinking ${found.property}: ${quantity(shrinker.schedule.length, 'step')}`);
    await interrupt.pause();
  }
  progress.clear();
  const { schedule, from, isMinimal } = shrinker;
  machine.restore(start);
  const preemptions = preemptionsOf(machine, schedule);
  const { violation, trace, record } = toldSchedule(recipe, schedule);
  if (violation?.violation.property !== found.property) throw new Error('a shrunk schedule does not do what it did');
  const { property, place, by } = found;
  const { execution, strategy } = found.first;
  const shrunk = { from, isMinimal };
  const counterexample = {
    steps: schedule.length,
    preemptions,
    violation,
    trace: trace(paint, layoutOf(options)),
    schedule: undefined,
  };
  const chosenBy = `hunt, ${strategy} seed ${options.seed}, execution ${execution}`;
  return {
    violation: { property, place, execution, strategy, by, shrunk, switches: switchesOf(schedule), counterexample },
    schedule: { ...recipeSchedule(record, recipe, chosenBy), shrunk },
  };
}
