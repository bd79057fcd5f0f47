import type { SourceLocation } from '../input-error.js';
import { eventNote, ipiText } from './event-note.js';
import type { StepEvents } from './step-events.js';
import type { Subject } from './subject.js';

/** Something that a CPU does in a counterexample. */
export interface FlowStep {
  /** The step of the schedule, counting from 1. */
  readonly step: number;
  readonly cpu: number;
  /** What, and what it caused: one line. */
  readonly text: string;
  readonly place: SourceLocation;
}

/** Where in the scenario file stands what CPUs do. */
export interface SourcePlaces {
  /** The line of assembly at an address; undefined where there is none. */
  line(address: bigint): SourceLocation | undefined;
  /** The patch by its number in the machine's list. */
  patch(index: number): SourceLocation | undefined;
  /** The algorithm, which is behind everything that is no instruction of the file. */
  readonly algorithm: SourceLocation;
}

/** The steps of a counterexample with their places: an instruction has its line, a step of a patch the patch. */
export function flowOf(steps: readonly StepEvents[], subject: Subject, places: SourcePlaces): FlowStep[] {
  const patching = new Map<number, SourceLocation>();
  return steps.map(({ step, cpu, interrupted, events }) => {
    let place: SourceLocation | undefined;
    const said: string[] = [];
    for (const event of events) {
      if (event.kind === 'patch-begin') patching.set(cpu, places.patch(event.patch) ?? places.algorithm);
      if (event.kind === 'instruction') {
        said.push(`${subject.code.address(event.rip)}: ${subject.code.shortInsn(event.bytes, event.rip)}`);
        place ??= places.line(event.rip);
      } else if (event.kind === 'procedure-step') {
        said.push(event.label);
        place ??= patching.get(cpu);
      } else if (event.kind === 'ipi-accepted') {
        said.push(`accepts ${ipiText(event.vector)}`);
        place ??= interrupted === undefined ? undefined : places.line(interrupted);
      } else said.push(eventNote(event, subject) ?? event.kind);
      if (event.kind === 'patch-return') patching.delete(cpu);
    }
    return { step, cpu, text: said.join('; '), place: place ?? patching.get(cpu) ?? places.algorithm };
  });
}
