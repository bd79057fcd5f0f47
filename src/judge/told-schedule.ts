import { type RecordedRun, recordRun } from '../explore/recorded-run.js';
import type { Step } from '../machine/step.js';
import { counterexampleText, type TraceLayout } from '../report/counterexample-text.js';
import type { Paint } from '../report/paint.js';
import type { ViolationReport } from '../report/run-report.js';
import { type StepEvents, stepCollector } from '../report/step-events.js';
import type { Subject } from '../report/subject.js';
import { prepare, type Recipe } from './prepare.js';

/** A schedule that leads to a violation, as reports and schedule files have it. */
export interface ToldSchedule {
  /** Undefined for a property that speaks of no single step. */
  readonly violation: ViolationReport | undefined;
  /** Every step, and the names for it. */
  readonly steps: readonly StepEvents[];
  readonly subject: Subject;
  /** The trace, line by line. */
  trace(paint: Paint, layout: TraceLayout): readonly string[];
  readonly record: RecordedRun;
}

/** Executes a schedule twice: for its trace, and for its record. */
export function toldSchedule(recipe: Recipe, schedule: readonly Step[]): ToldSchedule {
  const { built, subject } = prepare(recipe);
  const { machine, monitors } = built;
  const told: StepEvents[] = [];
  machine.observe(stepCollector('all', (step) => told.push(step)));
  for (const step of schedule) machine.apply(step);
  const { violation } = monitors;
  const again = prepare(recipe).built;
  return {
    violation: violation === undefined ? undefined : { violation, story: told, subject },
    steps: told,
    subject,
    trace: (paint, layout) => counterexampleText({ steps: told, violation, subject, machine }, paint, layout),
    record: recordRun(again.machine, again.monitors, schedule),
  };
}
