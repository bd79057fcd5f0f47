import type { MachineEvent } from '../../machine/event.js';
import type { Violation } from '../../property/violation.js';
import type { Nesting, StepEvents } from '../step-events.js';
import type { Subject } from '../subject.js';

/** What a trace says of an execution before its first step. */
export interface TracedExecution {
  readonly scenario: string;
  readonly variant: string | undefined;
  readonly scheduler: string;
  /** The most that it may have. */
  readonly steps: number;
  readonly subject: Subject;
}

/** How a traced execution ended. */
export interface TraceEnd {
  readonly end: string;
  readonly steps: number;
  readonly hash: string;
  readonly violation: Violation | undefined;
}

/** One step of a traced execution. */
export interface TracedStep extends StepEvents {
  /** Of its events, those that are to be told; the others are there to be followed. */
  readonly shown: readonly MachineEvent[];
  readonly nesting: Nesting;
}

/**
 * Formats executions one after the other, step by step. It keeps nothing that grows with their length. What is written
 * before {@link close} is no whole trace.
 */
export interface TraceWriter {
  begin(execution: TracedExecution): void;
  step(step: TracedStep): void;
  end(result: TraceEnd): void;
  /** There is no further execution. */
  close(): void;
}

/** Where a writer leaves its text. */
export type Write = (text: string) => void;
