import type { Violation } from '../property/violation.js';
import type { CaseCounterexample } from '../report/case-report.js';
import { flowOf, type SourcePlaces } from '../report/flow.js';
import type { StepEvents } from '../report/step-events.js';
import type { Subject } from '../report/subject.js';

/** A counterexample before it is kept anywhere. */
export type ToldViolation = Omit<CaseCounterexample, 'kept'>;

/** An execution that violates a property. */
interface Execution {
  readonly steps: readonly StepEvents[];
  /** How many steps it has; those in which nothing happens that can be told are not among `steps`. */
  readonly length: number;
  readonly subject: Subject;
  readonly violation: Violation | undefined;
  readonly places: SourcePlaces;
  readonly trace: CaseCounterexample['trace'];
}

/** An execution as reports of cases have it. */
export function toldCounterexample(property: string, execution: Execution): ToldViolation {
  const { steps, length, subject, violation, places, trace } = execution;
  return { property, steps: length, violation, trace, flow: flowOf(steps, subject, places) };
}
