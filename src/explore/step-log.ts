import { formatStep, type Step } from '../machine/step.js';

/** A long list of steps. Few of them differ, so each different one is kept once, and the list has four bytes for each. */
export class StepLog implements Iterable<Step> {
  private numbers = new Uint32Array(1024);
  private count = 0;
  private readonly steps: Step[] = [];
  private readonly known = new Map<string, number>();

  get length(): number {
    return this.count;
  }

  push(step: Step): void {
    if (this.count === this.numbers.length) {
      const larger = new Uint32Array(2 * this.numbers.length);
      larger.set(this.numbers);
      this.numbers = larger;
    }
    this.numbers[this.count++] = this.numberOf(step);
  }

  private numberOf(step: Step): number {
    const name = formatStep(step);
    const known = this.known.get(name);
    if (known !== undefined) return known;
    this.known.set(name, this.steps.length);
    return this.steps.push(step) - 1;
  }

  *[Symbol.iterator](): Iterator<Step> {
    for (let at = 0; at < this.count; at++) {
      const step = this.steps[this.numbers[at] ?? 0];
      if (step !== undefined) yield step;
    }
  }
}
