import { Int32List } from '../memory/int32-list.js';
import type { WayStep } from './move.js';

/** Who did the last step of a way, when nobody is preempted by whoever goes on. */
export const NOBODY = -1;

/** Where a way ends that violates the property. */
export const VIOLATED = -1;

/** A way to a state. */
export interface WayEnd {
  /** Or {@link VIOLATED}. */
  readonly state: number;
  /** The CPU that did the last step while leaving it may be a preemption, else {@link NOBODY}. */
  readonly last: number;
  readonly steps: number;
}

/** Ways from the first state, each as one step after another way; their numbers are in the order of adding. */
export class WayTable {
  /** How many there are; the first one, of no steps, is always there. */
  count = 1;
  private readonly states = new Int32List();
  /** Steps, and the last CPU + 1. */
  private readonly ends = new Int32List();
  private readonly before = new Int32List();
  /** Choice and CPU of the last step. */
  private readonly choices = new Int32List();

  /** @returns the number of the way that does a step after another one */
  add({ state, last, steps }: WayEnd, before: number, { cpu, choice }: WayStep): number {
    const way = this.count++;
    this.states.set(way, state);
    this.ends.set(way, (steps << 4) | (last + 1));
    this.before.set(way, before);
    this.choices.set(way, (choice << 3) | cpu);
    return way;
  }

  end(way: number): WayEnd {
    const end = this.ends.at(way);
    return { state: this.states.at(way), last: (end & 15) - 1, steps: end >>> 4 };
  }

  stepsOf(way: number): WayStep[] {
    const steps: WayStep[] = [];
    for (let at = way; at > 0; at = this.before.at(at)) {
      const choice = this.choices.at(at);
      steps.unshift({ cpu: choice & 7, choice: choice >>> 3 });
    }
    return steps;
  }

  /** Bytes of memory in use. */
  get bytes(): number {
    return this.states.bytes + this.ends.bytes + this.before.bytes + this.choices.bytes;
  }
}

/** The fewest steps to each state, by who was last there. */
export class FewestSteps {
  /** Steps + 1. */
  private readonly list = new Int32List();
  /** One after the last index that was set. */
  private length = 0;

  constructor(private readonly cpus: number) {}

  /** Infinity where nobody has been. */
  to(state: number, last: number): number {
    return this.at(this.indexOf(state, last));
  }

  /** Notes a way, if it has fewer steps than all that were noted. */
  note({ state, last, steps }: WayEnd): boolean {
    return this.lower(this.indexOf(state, last), steps);
  }

  /** Takes over what is fewer elsewhere. */
  join(other: FewestSteps): void {
    for (let index = 0; index < other.length; index++) this.lower(index, other.at(index));
  }

  private indexOf(state: number, last: number): number {
    return (state + 1) * (this.cpus + 1) + last + 1;
  }

  private lower(index: number, steps: number): boolean {
    if (steps >= this.at(index)) return false;
    this.list.set(index, steps + 1);
    this.length = Math.max(this.length, index + 1);
    return true;
  }

  private at(index: number): number {
    const noted = this.list.at(index);
    return noted === 0 ? Number.POSITIVE_INFINITY : noted - 1;
  }

  /** Bytes of memory in use. */
  get bytes(): number {
    return this.list.bytes;
  }
}
