import { stepLabel } from '../explore/recorded-run.js';
import type { Schedule } from '../explore/schedule-file.js';
import type { Onlooker } from '../judge/onlooker.js';
import { prepare, type Recipe } from '../judge/prepare.js';
import { seedRandomNumbers } from '../machine/random-numbers.js';
import { formatStep, type Step } from '../machine/step.js';
import type { SettledSchedule } from '../report/case-report.js';
import { counterexampleText } from '../report/counterexample-text.js';
import { type StepEvents, stepCollector } from '../report/step-events.js';
import { sourcePlaces } from './source-places.js';
import { type ToldViolation, toldCounterexample } from './told-counterexample.js';

/** Steps between two looks at signals. */
const SLICE = 500;

/** Where the steps of a schedule lead in a scenario that may have changed since it was recorded. */
export type Followed =
  /** To a violation: whatever has changed, this scenario can be violated. */
  | { readonly kind: 'violates'; readonly counterexample: ToldViolation }
  /** To no violation: it can be done to its end, or up to a step that is not possible any more. */
  | ({ readonly kind: 'settled' } & Omit<SettledSchedule, 'file'>)
  | { readonly kind: 'interrupted' };

/**
 * Does the steps of a schedule on a scenario, by their ids alone. States are not compared with the recorded ones: every
 * change of the text would show, and the question is not whether the execution is the same, but whether it still violates.
 */
export async function followSchedule(recipe: Recipe, schedule: Schedule, onlooker: Onlooker): Promise<Followed> {
  const { built, subject } = prepare(recipe);
  const { machine, monitors } = built;
  if (schedule.randomSeed !== undefined) seedRandomNumbers(machine, schedule.randomSeed);
  const isOpen = isOpenEnded(schedule);
  const steps: StepEvents[] = [];
  machine.observe(stepCollector('all', (step) => steps.push(step)));
  for (const [index, { step, label }] of schedule.steps.entries()) {
    if (monitors.violation !== undefined) break;
    if (!machine.isEnabled(step)) {
      const found = machine.enabled().map((other) => stepText(other, stepLabel(machine, other)));
      return {
        kind: 'settled',
        isOpen,
        unfit: { step: index + 1, recorded: stepText(step, label), found: found.join('; ') || 'nothing' },
      };
    }
    machine.apply(step);
    if (index % SLICE === 0) await onlooker.pause();
    if (onlooker.signal.aborted) return { kind: 'interrupted' };
  }
  const { violation } = monitors;
  if (violation === undefined) return { kind: 'settled', isOpen, unfit: undefined };
  return {
    kind: 'violates',
    counterexample: toldCounterexample(violation.property, {
      steps,
      length: machine.steps,
      subject,
      violation,
      places: sourcePlaces(built, recipe.loaded),
      trace: (paint, layout) => counterexampleText({ steps, violation, subject, machine }, paint, layout),
    }),
  };
}

/** Whether a schedule shows no violation by its steps: what violates `progress` is that no other ones follow. */
export function isOpenEnded({ end }: Schedule): boolean {
  return end.kind !== 'violated';
}

function stepText(step: Step, label: string | undefined): string {
  return label === undefined ? formatStep(step) : `${formatStep(step)} "${label}"`;
}
