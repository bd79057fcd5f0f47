import type { Step } from '../../machine/step.js';
import { switchesOf, withFewerSwitches } from './normal-form.js';
import { byCpu, byHandler, byLoop, bySegment, byStep, type Cut, without } from './removals.js';
import type { Reproducer, Reproduction } from './reproducer.js';

/**
 * Makes a schedule to a violation short: leaves out what is not needed, fetches what memory holds where that does as
 * well, and orders what is left with few changes of CPU. At the end it is 1-minimal: without any single step,
 * whatever of the others is still possible, the violation is not there.
 *
 * Leaving out goes from large parts to small ones (Zeller, Hildebrandt: Simplifying and Isolating Failure-Inducing
 * Input, IEEE TSE 2002).
 */
export class Shrinker {
  private best: Reproduction;
  private readonly work: Iterator<void>;
  private isDone = false;
  private minimal = false;
  /** Steps before. */
  readonly from: number;

  /** @param schedule leads to the violation that the reproducer looks for */
  constructor(
    private readonly reproducer: Reproducer,
    schedule: readonly Step[],
  ) {
    const first = reproducer.try(schedule);
    if (first === undefined) throw new Error('the schedule to be shrunk does not lead to its violation');
    this.best = first;
    this.from = schedule.length;
    this.work = this.shrink();
  }

  /** The shortest schedule so far. */
  get schedule(): readonly Step[] {
    return this.best.steps;
  }

  /** Whether every single step was left out in turn, and the violation was not there then. */
  get isMinimal(): boolean {
    return this.minimal;
  }

  /** Tries up to so many candidates; whether it is done. */
  advance(candidates: number): boolean {
    for (let left = candidates; left > 0 && !this.isDone; left--) this.isDone = this.work.next().done === true;
    return this.isDone;
  }

  private *shrink(): Generator<void, void> {
    for (const cut of [byCpu, byLoop, bySegment, byHandler, byStep]) yield* this.reduce(cut);
    for (let before: Reproduction | undefined; before !== this.best; ) {
      before = this.best;
      yield* this.fetchCurrent();
      yield* this.order();
      for (const cut of [byLoop, byHandler, bySegment, byStep]) yield* this.reduce(cut);
    }
    // The last round has changed nothing, single steps last.
    this.minimal = true;
  }

  /** Leaves out units: half of them, a quarter, ... each one, until none can be. */
  private *reduce(cut: Cut): Generator<void, void> {
    let units = cut(this.best);
    let size = Math.max(1, units.length >> 1);
    for (;;) {
      let removed = false;
      for (let at = 0; at < units.length; ) {
        const isBetter = this.take(without(this.best.steps, units.slice(at, at + size)));
        yield;
        if (!isBetter) {
          at += size;
          continue;
        }
        removed = true;
        units = cut(this.best);
      }
      if (size === 1 && !removed) return;
      size = Math.max(1, size >> 1);
    }
  }

  /** Makes fetches current. */
  private *fetchCurrent(): Generator<void, void> {
    for (let at = 0; at < this.best.steps.length; at++) {
      const { steps } = this.best;
      const step = steps[at];
      if (step?.kind !== 'instruction' || step.times === undefined) continue;
      const found = this.reproducer.try(steps.with(at, { kind: 'instruction', cpu: step.cpu }));
      yield;
      if (found !== undefined && found.stale < this.best.stale) this.best = found;
    }
  }

  /** Reorders for fewer changes of CPU. */
  private *order(): Generator<void, void> {
    for (let again = true; again; ) {
      again = false;
      const { steps } = this.best;
      const switches = switchesOf(steps);
      for (const candidate of withFewerSwitches(steps)) {
        if (switchesOf(candidate) >= switches) continue;
        const found = this.reproducer.try(candidate);
        yield;
        if (found === undefined || found.stale > this.best.stale || switchesOf(found.steps) >= switches) continue;
        this.best = found;
        again = true;
        break;
      }
    }
  }

  /** Whether a candidate leads to the violation with fewer steps; then it is the best. */
  private take(candidate: readonly Step[]): boolean {
    const found = this.reproducer.try(candidate);
    if (found === undefined || found.steps.length >= this.best.steps.length) return false;
    this.best = found;
    return true;
  }
}
