import type { DoneStep } from './timeline.js';

/** How many are kept. The others are done again when somebody asks. */
const KEPT = 4096;

/** The steps that were done last, with their events. */
export class KeptSteps {
  private readonly steps: (DoneStep | undefined)[] = [];

  /** A step, counting from 1. */
  get(number: number): DoneStep | undefined {
    const known = this.steps[number % KEPT];
    return known?.step === number ? known : undefined;
  }

  keep(done: DoneStep): void {
    this.steps[done.step % KEPT] = done;
  }

  /** Forgets the steps behind a position. */
  cut(position: number): void {
    this.steps.forEach((known, index) => {
      if (known !== undefined && known.step > position) this.steps[index] = undefined;
    });
  }
}
