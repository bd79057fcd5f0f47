import type { Machine } from '../machine/machine.js';
import type { Step } from '../machine/step.js';
import { Random } from './random.js';
import type { Scheduler } from './scheduler.js';

/** How often, one step in so many, the CPU that runs is demoted although it could go on: workers loop for ever. */
const DEMOTION = 32;

/**
 * Probabilistic concurrency testing (Burckhardt et al., ASPLOS 2010), for CPUs that never end: every CPU has a random
 * priority and the highest that can do something runs. A CPU is demoted below all others at random steps, which stands for
 * the method's change points; a CPU that waits loses its turn, not its priority.
 */
export class PctScheduler implements Scheduler {
  readonly description: string;
  private readonly random: Random;
  /** CPUs by priority, the highest first. */
  private order: number[] | undefined;

  constructor(seed: number) {
    this.description = `pct seed ${seed}`;
    this.random = new Random(seed);
  }

  next(machine: Machine): Step | undefined {
    this.order ??= this.random.shuffled(machine.cpuCount);
    for (const [place, cpu] of this.order.entries()) {
      const steps: Step[] = [];
      machine.enabledOn(cpu, steps);
      if (steps.length === 0) continue;
      if (this.random.below(DEMOTION) === 0) this.order.push(...this.order.splice(place, 1));
      return steps[this.random.below(steps.length)];
    }
    return undefined;
  }
}
