import type { MachineEvent } from '../machine/event.js';
import type { Machine } from '../machine/machine.js';
import type { Observer } from '../machine/observer.js';

/** Everything that happened in one step. */
export interface StepEvents {
  /** Counting from 1. */
  readonly step: number;
  /** The last of several steps that are told as one; undefined: there is only one. */
  readonly through?: number;
  readonly cpu: number;
  /** Where an accepted interrupt found the CPU; undefined in other steps. */
  readonly interrupted: bigint | undefined;
  /** In order; what an instruction caused comes behind it. */
  readonly events: readonly MachineEvent[];
}

/** How deep in interrupts and procedures a step was. */
export interface Nesting {
  /** Contexts of the CPU after the step: 1 in a task, one more for each interrupt or exception that has not returned. */
  readonly contexts: number;
  /** Procedure frames of the CPU at the step of a procedure, its own among them; 0 in other steps. */
  readonly frames: number;
}

/**
 * Collects the events of each step and hands them over when the step is done.
 * @param instructions which instructions are heard of, as for any {@link Observer}
 */
export function stepCollector(
  instructions: Observer['instructions'],
  take: (step: StepEvents, nesting: Nesting) => void,
): Observer {
  let events: MachineEvent[] = [];
  let interrupted: bigint | undefined;
  let frames = 0;
  return {
    instructions,
    observe(event: MachineEvent, machine: Machine): void {
      if (event.kind === 'ipi-accepted') interrupted = machine.state(event.cpu).rip;
      // It is told before the step is done, when its procedure may return.
      if (event.kind === 'procedure-step') frames = machine.context(event.cpu).frames;
      // Stores of an instruction are told before the instruction itself.
      if (event.kind === 'instruction') events.unshift(event);
      else events.push(event);
    },
    after(cpu: number, machine: Machine): void {
      if (events.length === 0) return;
      const step = { step: machine.steps, cpu, interrupted, events };
      const nesting = { contexts: machine.context(cpu).depth, frames };
      events = [];
      interrupted = undefined;
      frames = 0;
      take(step, nesting);
    },
  };
}
