import type { RecordedStep } from '../explore/recorded-run.js';
import { RoundRobin } from '../explore/round-robin.js';
import type { Step } from '../machine/step.js';
import { OWN_STEPS } from '../machine/step-kinds.js';
import type { Subject } from '../report/subject.js';
import type { BuiltScenario } from '../scenario/build/build.js';
import { Timeline } from './timeline.js';

/** What is stepped through: the execution, and the names behind its numbers. */
export interface Walk {
  readonly timeline: Timeline;
  readonly built: BuiltScenario;
  readonly subject: Subject;
  /** The name of the scenario, and of its variant. */
  readonly name: string;
  /** The name of a file for the schedule up to a position. */
  readonly fileName: (position: number) => string;
}

/**
 * Begins to walk through a scenario that was built, or through a recorded execution of it.
 * @param built before its first step
 */
export function beginWalk(built: BuiltScenario, subject: Subject, recorded: readonly RecordedStep[] = []): Walk {
  const { machine, monitors, sites, scenario } = built;
  const timeline = new Timeline(machine, monitors, sites, recorded);
  const { name, variant } = scenario;
  const full = variant === undefined ? name : `${name}.${variant}`;
  return {
    timeline,
    built,
    subject,
    name: variant === undefined ? name : `${name}, ${variant}`,
    fileName: (position) => `${full}.step-${position}.schedule`,
  };
}

/** Which step a run does next. */
export type Source =
  /** The known one, and behind the last of them every CPU in turn. */
  | { readonly kind: 'any' }
  /** Only known ones. */
  | { readonly kind: 'known' }
  /** Those of one CPU. */
  | { readonly kind: 'cpu'; readonly cpu: number };

export const ANY: Source = { kind: 'any' };
export const KNOWN: Source = { kind: 'known' };

/** The step that comes next; undefined when there is none. */
export function nextStep({ timeline }: Walk, source: Source): Step | undefined {
  const { machine, next, position, end, isFull } = timeline;
  if (end !== undefined || isFull) return undefined;
  if (source.kind === 'cpu') {
    if (next?.cpu === source.cpu) return next;
    const steps: Step[] = [];
    machine.enabledOn(source.cpu, steps);
    return steps.find(({ kind }) => OWN_STEPS.has(kind) || kind === 'accept');
  }
  if (next !== undefined || source.kind === 'known') return next;
  return new RoundRobin(timeline.step(position)?.cpu).next(machine);
}

/** Everything that may happen now. */
export function enabledSteps({ timeline }: Walk): Step[] {
  return timeline.end === undefined && !timeline.isFull ? timeline.machine.enabled() : [];
}
