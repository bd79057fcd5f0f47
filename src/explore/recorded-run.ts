import type { Machine } from '../machine/machine.js';
import type { Step } from '../machine/step.js';
import type { Monitors } from '../property/monitors.js';
import { endingOf } from './ending.js';
import { type RecordedEnd, recordedEnd } from './recorded-end.js';

/** One step of a recorded execution. */
export interface RecordedStep {
  readonly step: Step;
  /** The label of a procedure's step; undefined for other steps. */
  readonly label: string | undefined;
  /** The state's hash (`xmc-state/1`) after the step. */
  readonly hash: string;
}

/** An execution with everything that a replay compares. */
export interface RecordedRun {
  readonly steps: readonly RecordedStep[];
  readonly end: RecordedEnd;
}

/**
 * Executes a schedule once more and records a hash and a label for each of its steps.
 * @param machine as it was before the schedule's first step
 * @throws Error when a step is not enabled: then machines are not deterministic, or it is another machine
 */
export function recordRun(machine: Machine, monitors: Monitors, schedule: Iterable<Step>): RecordedRun {
  const steps: RecordedStep[] = [];
  for (const step of schedule) {
    if (!machine.isEnabled(step)) throw new Error(`step ${steps.length + 1} of a known schedule is not enabled`);
    const label = stepLabel(machine, step);
    machine.apply(step);
    steps.push({ step, label, hash: machine.hash() });
  }
  return { steps, end: recordedEnd(endingOf(machine, monitors), machine.hash()) };
}

/** The label of the procedure step that `step` is now. */
export function stepLabel(machine: Machine, step: Step): string | undefined {
  return step.kind === 'procedure' ? machine.procedureAt(step.cpu)?.label : undefined;
}
