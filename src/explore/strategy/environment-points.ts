import type { Machine } from '../../machine/machine.js';
import type { Random } from '../random.js';
import { ENVIRONMENT, type Environment } from './step-kinds.js';

/** An event in watched text comes at one of the first 2^5 steps there, one in a shadow in one of the first 2^2 of them. */
const LONGEST = { watched: 6, shadow: 3 } as const;

const BUDGETS = { nmi: 'nmi', mc: 'mc', switch: 'reschedule' } as const;

/** What is counted while an execution goes on: steps, those in watched text, and those in an interrupt shadow. */
interface Counts {
  steps: number;
  watched: number;
  shadow: number;
}

/** When one event of the environment comes: as soon as so much was counted. */
interface Point {
  readonly kind: Environment;
  readonly count: keyof Counts;
  readonly at: number;
}

/**
 * Draws beforehand when the environment does what its budgets allow, as change points are drawn: a third of the events
 * anywhere among twice the steps of an execution, so that some never come, a third while a CPU executes text that is
 * watched, a third while interrupts are held in a shadow. The last two are where they matter.
 */
export class EnvironmentPoints {
  private readonly points: Point[];
  private readonly counts: Counts = { steps: 0, watched: 0, shadow: 0 };

  constructor({ budgets }: Machine, random: Random, length: number) {
    const draw = {
      steps: () => random.below(2 * length),
      watched: () => random.below(2 ** random.below(LONGEST.watched)),
      shadow: () => random.below(2 ** random.below(LONGEST.shadow)),
    } as const;
    this.points = ENVIRONMENT.flatMap((kind) =>
      Array.from({ length: budgets.left(BUDGETS[kind]) }, () => {
        const count = random.of(['steps', 'watched', 'shadow'] as const) ?? 'steps';
        return { kind, count, at: 1 + draw[count]() };
      }),
    );
  }

  /** Whether no event is to come any more. */
  get isOver(): boolean {
    return this.points.length === 0;
  }

  /** Counts a step that a CPU is about to do, and gives the kinds of events that may come instead. */
  dueOn({ cpus, watched }: Machine, cpu: number): Environment[] {
    const { counts, points } = this;
    const state = cpus[cpu];
    counts.steps++;
    if (state !== undefined && watched.mayTouch(state.ripLow) && watched.touches(state.rip, 1)) counts.watched++;
    if (state?.shadowed) counts.shadow++;
    return points.filter(({ count, at }) => at <= counts[count]).map(({ kind }) => kind);
  }

  /** One event of a kind has come. */
  came(kind: Environment): void {
    const at = this.points.findIndex((point) => point.kind === kind && point.at <= this.counts[point.count]);
    if (at >= 0) this.points.splice(at, 1);
  }
}
