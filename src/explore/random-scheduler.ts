import type { Step } from '../machine/step.js';
import { Random } from './random.js';
import type { Scheduler } from './scheduler.js';
import type { Choices } from './strategy/chooser.js';

/** Picks a CPU uniformly among those that can do something, then one of its steps uniformly. */
export class RandomScheduler implements Scheduler {
  readonly description: string;
  private readonly random: Random;

  constructor(seed: number) {
    this.description = `random seed ${seed}`;
    this.random = new Random(seed);
  }

  next(choices: Choices): Step | undefined {
    const able = Array.from({ length: choices.cpuCount }, (_, cpu) => cpu);
    while (able.length > 0) {
      const at = this.random.below(able.length);
      const steps: Step[] = [];
      choices.enabledOn(able[at] ?? 0, steps);
      if (steps.length > 0) return steps[this.random.below(steps.length)];
      able.splice(at, 1);
    }
    return undefined;
  }
}
