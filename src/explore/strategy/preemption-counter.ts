import type { Machine } from '../../machine/machine.js';
import type { Step } from '../../machine/step.js';
import { INTERRUPTS, OWN_STEPS } from '../../machine/step-kinds.js';
import { stepsOn } from './chooser.js';

/**
 * Counts preemptions: changes from a CPU that could go on by itself to another one. Accepting an interrupt is none,
 * nor is leaving a CPU that waits, is halted or has just ended a handler.
 */
export class PreemptionCounter {
  preemptions = 0;
  /** The CPU that did the last step, while leaving it may cost something. */
  last: number | undefined;
  private depth = 0;

  /** To be called when the last step is done. */
  settle({ contexts }: Machine): void {
    if (this.last !== undefined && (contexts[this.last]?.depth ?? 0) < this.depth) this.leave();
  }

  /** Leaving the CPU that did the last step is free. */
  leave(): void {
    this.last = undefined;
  }

  isFreeToLeave(machine: Machine): boolean {
    return this.last === undefined || !stepsOn(machine, this.last).some(({ kind }) => OWN_STEPS.has(kind));
  }

  /** To be called with the next step before it is done. */
  take({ cpu, kind }: Step, machine: Machine): void {
    if (cpu !== this.last && !INTERRUPTS.has(kind) && !this.isFreeToLeave(machine)) this.preemptions++;
    this.last = cpu;
    this.depth = machine.contexts[cpu]?.depth ?? 0;
  }
}

/** How many preemptions a schedule has; it is done on the machine. */
export function preemptionsOf(machine: Machine, schedule: Iterable<Step>): number {
  const counter = new PreemptionCounter();
  for (const step of schedule) {
    counter.settle(machine);
    counter.take(step, machine);
    machine.apply(step);
  }
  return counter.preemptions;
}
