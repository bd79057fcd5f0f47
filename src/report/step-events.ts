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

/**
 * Collects the events of each step and hands them over when the step is done.
 * @param instructions which instructions are heard of, as for any {@link Observer}
 */
export function stepCollector(instructions: Observer['instructions'], take: (step: StepEvents) => void): Observer {
  let events: MachineEvent[] = [];
  let interrupted: bigint | undefined;
  return {
    instructions,
    observe(event: MachineEvent, machine: Machine): void {
      if (event.kind === 'ipi-accepted') interrupted = machine.state(event.cpu).rip;
      // Stores of an instruction are told before the instruction itself.
      if (event.kind === 'instruction') events.unshift(event);
      else events.push(event);
    },
    after(cpu: number, machine: Machine): void {
      const step = { step: machine.steps, cpu, interrupted, events };
      events = [];
      interrupted = undefined;
      if (step.events.length > 0) take(step);
    },
  };
}
