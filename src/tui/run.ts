import { sameStep } from '../machine/step.js';
import type { Stop } from './stops.js';
import type { DoneStep } from './timeline.js';
import { nextStep, type Source, type Walk } from './walk.js';

/** Why a run is over. */
export type Outcome =
  | { readonly kind: 'stopped'; readonly stops: readonly Stop[] }
  /** Nothing comes next: the execution has ended, nothing is enabled, or no step is known. */
  | { readonly kind: 'no-step' }
  /** The record could not be followed. */
  | { readonly kind: 'diverged' }
  /** Back at the beginning. */
  | { readonly kind: 'beginning' };

/** What a run does. */
export interface RunPlan {
  /** What it looks for, for messages: `the next event`; empty: nothing is said when it is there. */
  readonly goal: string;
  readonly direction: 'forward' | 'back';
  readonly source: Source;
  readonly stops: readonly Stop[];
  /** One more reason to stop, asked after each step. Forward only. */
  readonly until?: () => boolean;
}

/** Steps that a run back looks at before it says how far it is. */
const SEGMENT = 256;

/** Goes through an execution until it comes to a stop, in slices, so that somebody may look and end it. */
export class Run {
  outcome: Outcome | undefined;
  /** Steps that it has gone through. */
  looked = 0;
  /** How many known steps it has left behind, because it went another way. */
  left = 0;
  /** Where it began. */
  readonly origin: number;
  /** Where a run back looks next: the stops behind it are known not to be there. */
  private unseen: number;

  constructor(
    private readonly walk: Walk,
    readonly plan: RunPlan,
  ) {
    this.origin = walk.timeline.position;
    this.unseen = this.origin;
  }

  /** Does up to `count` further steps. */
  advance(count: number): Outcome | undefined {
    const forward = this.plan.direction === 'forward';
    const each = forward ? 1 : SEGMENT;
    for (let left = count; left > 0 && this.outcome === undefined; left -= each) {
      this.outcome = forward ? this.forward() : this.back();
      this.looked += each;
    }
    return this.outcome;
  }

  private forward(): Outcome | undefined {
    const { walk, plan } = this;
    const { timeline } = walk;
    const step = nextStep(walk, plan.source);
    if (step === undefined) return { kind: 'no-step' };
    const { position, next, length } = timeline;
    const leaves = next !== undefined && !sameStep(next, step);
    const before = samples(plan.stops);
    timeline.forward(step);
    if (timeline.position === position) return { kind: 'diverged' };
    if (leaves) this.left = length - position;
    const stops = this.hit(before);
    if (stops.length > 0) return { kind: 'stopped', stops };
    return plan.until?.() ? { kind: 'stopped', stops: [] } : undefined;
  }

  /** Looks through the steps before the ones that it has seen, and goes to the last of them where there is a stop. */
  private back(): Outcome | undefined {
    const { timeline } = this.walk;
    const { stops } = this.plan;
    const last = this.unseen - 1;
    const first = Math.max(1, last - SEGMENT + 1);
    const found = stops.every(({ marks }) => marks !== undefined) ? this.marked(first, last) : this.done(first, last);
    this.unseen = first;
    if (found !== undefined) {
      timeline.goTo(found.step);
      return { kind: 'stopped', stops: found.stops };
    }
    if (first > 1) return undefined;
    timeline.goTo(0);
    return { kind: 'beginning' };
  }

  private marked(first: number, last: number): Found | undefined {
    for (let step = last; step >= first; step--) {
      const marks = this.walk.timeline.marksOf(step);
      const stops = this.plan.stops.filter((stop) => ((stop.marks ?? 0) & marks) !== 0);
      if (stops.length > 0) return { step, stops };
    }
    return undefined;
  }

  private done(first: number, last: number): Found | undefined {
    const { timeline } = this.walk;
    timeline.goTo(first - 1);
    let found: Found | undefined;
    let before = samples(this.plan.stops);
    while (timeline.position < last) {
      timeline.goTo(timeline.position + 1);
      const stops = this.hit(before);
      if (stops.length > 0) found = { step: timeline.position, stops };
      before = samples(this.plan.stops);
    }
    return found;
  }

  /** The stops that the step hits which was just done. */
  private hit(before: readonly string[]): Stop[] {
    const { timeline } = this.walk;
    const done: DoneStep | undefined = timeline.doneSteps(timeline.position, timeline.position)[0];
    if (done === undefined) throw new Error('a step was not done');
    return this.plan.stops.filter((stop, index) => stop.hits(done, before[index] ?? '', stop.sample?.() ?? ''));
  }
}

interface Found {
  readonly step: number;
  readonly stops: readonly Stop[];
}

function samples(stops: readonly Stop[]): string[] {
  return stops.map((stop) => stop.sample?.() ?? '');
}
