import type { Step } from '../machine/step.js';
import { Random } from './random.js';
import type { Scheduler } from './scheduler.js';
import type { Choices } from './strategy/chooser.js';

/** The longest starvation is 2^11 steps. */
const LONGEST = 11;

/**
 * One CPU at a time gets no step for a while, whose length is log-uniform: short and long delays are equally likely, which
 * is what opens windows of unknown width. The others are chosen among uniformly; the victim too when nobody else can.
 */
export class StarveScheduler implements Scheduler {
  readonly description: string;
  private readonly random: Random;
  private victim = 0;
  private left = 0;

  constructor(seed: number) {
    this.description = `starve seed ${seed}`;
    this.random = new Random(seed);
  }

  next(choices: Choices): Step | undefined {
    if (this.left-- <= 0) {
      this.victim = this.random.below(choices.cpuCount);
      this.left = 2 ** this.random.below(LONGEST + 1);
    }
    const able = Array.from({ length: choices.cpuCount }, (_, cpu) => cpu).filter((cpu) => cpu !== this.victim);
    while (able.length > 0) {
      const step = this.stepOf(able.splice(this.random.below(able.length), 1)[0] ?? 0, choices);
      if (step !== undefined) return step;
    }
    return this.stepOf(this.victim, choices);
  }

  private stepOf(cpu: number, choices: Choices): Step | undefined {
    const steps: Step[] = [];
    choices.enabledOn(cpu, steps);
    return steps.length === 0 ? undefined : steps[this.random.below(steps.length)];
  }
}
