import type { Machine } from '../../machine/machine.js';
import type { Step } from '../../machine/step.js';
import { INTERRUPTS } from '../../machine/step-kinds.js';
import { type Choices, type Chooser, stepsOn } from './chooser.js';
import { PreemptionCounter } from './preemption-counter.js';
import { RoundWatch } from './round-watch.js';

/**
 * Lets another chooser preempt only so often. Then a CPU goes on until it awaits, halts or ends a handler; interrupts
 * still come anywhere. A loop that comes round to where it was awaits as well, or it would last for ever.
 */
export class BoundedPreemptions implements Chooser {
  private readonly counter = new PreemptionCounter();
  private readonly rounds = new RoundWatch();

  constructor(
    private readonly inner: Chooser,
    private readonly bound: number,
  ) {}

  next(choices: Choices, machine: Machine): Step | undefined {
    const { counter } = this;
    const { last } = counter;
    counter.settle(machine);
    if (last !== undefined && this.rounds.wentRound(machine, last)) counter.leave();
    const isBound = counter.preemptions >= this.bound && !counter.isFreeToLeave(machine);
    const step = this.inner.next(isBound ? withInterrupts(choices, last ?? 0) : choices, machine);
    if (step !== undefined) counter.take(step, machine);
    return step;
  }
}

/** The steps of one CPU, and what interrupts others. */
function withInterrupts(choices: Choices, cpu: number): Choices {
  return {
    cpuCount: choices.cpuCount,
    enabledOn(other, steps): void {
      if (other === cpu) choices.enabledOn(cpu, steps);
      else steps.push(...stepsOn(choices, other).filter(({ kind }) => INTERRUPTS.has(kind)));
    },
  };
}
