import type { Machine } from '../../machine/machine.js';
import type { Step } from '../../machine/step.js';
import { Random } from '../random.js';
import { type Choices, type Chooser, stepsOn } from './chooser.js';
import { EnvironmentPoints } from './environment-points.js';
import { RoundWatch } from './round-watch.js';
import { type SplitSteps, splitSteps } from './step-kinds.js';

/** What an execution under {@link Pct} is drawn from. */
export interface PctShape {
  /** Steps among which change points are drawn: the k of the guarantee. */
  readonly length: number;
  /** One less than the depth d of the bugs that it aims at. */
  readonly changePoints: number;
}

/**
 * Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte: A Randomized Scheduler with
 * Probabilistic Guarantees of Finding Bugs, ASPLOS 2010). Every CPU has a random priority, and the highest that can
 * do something runs. At each of d - 1 random change points the CPU that would run falls below all that have not
 * fallen. A bug of depth d among n CPUs that are to do k steps, none of which awaits, is met with a probability of at
 * least 1/(n k^(d-1)).
 *
 * A CPU that awaits is put below everybody, or a loop would last for ever, and comes back to its place at the next
 * change point. The environment's events have points of their own.
 */
export class Pct implements Chooser {
  private readonly random: Random;
  /** Priorities by CPU, the highest first to run; those below `changePoints` were given by a change point. */
  private priorities: number[] | undefined;
  private readonly changes: readonly number[];
  /** CPUs that await, the last of them below all. */
  private awaiting: number[] = [];
  private step = 0;
  private last: number | undefined;
  private readonly rounds = new RoundWatch();
  private environment: EnvironmentPoints | undefined;

  constructor(
    seed: number,
    private readonly shape: PctShape,
  ) {
    this.random = new Random(seed);
    this.changes = Array.from({ length: shape.changePoints }, () => 1 + this.random.below(shape.length));
  }

  next(choices: Choices, machine: Machine): Step | undefined {
    const { random, shape } = this;
    this.priorities ??= this.random.shuffled(choices.cpuCount).map((place) => place + shape.changePoints);
    this.environment ??= new EnvironmentPoints(machine, random, shape.length);
    const all = Array.from({ length: choices.cpuCount }, (_, cpu) => splitSteps(stepsOn(choices, cpu)));
    const { last } = this;
    if (last !== undefined && this.rounds.wentRound(machine, last)) {
      this.awaiting = [...this.awaiting.filter((other) => other !== last), last];
    }
    this.step++;
    for (const [value, at] of this.changes.entries()) {
      if (at !== this.step) continue;
      const falling = this.highest(all);
      if (falling === undefined) continue;
      this.priorities[falling] = value;
      this.awaiting = [];
    }
    const cpu = this.highest(all);
    // Nobody can do anything by himself.
    if (cpu === undefined) return random.of(all.flatMap(({ environment }) => environment));
    this.last = cpu;
    return this.stepOf(all[cpu], machine, cpu);
  }

  private stepOf(steps: SplitSteps | undefined, machine: Machine, cpu: number): Step | undefined {
    const { own = [], environment = [] } = steps ?? {};
    if (this.environment !== undefined && !this.environment.isOver) {
      const due = this.environment.dueOn(machine, cpu);
      const event = this.random.of(environment.filter(({ kind }) => due.some((other) => other === kind)));
      const came = due.find((kind) => kind === event?.kind);
      if (came !== undefined) {
        this.environment.came(came);
        return event;
      }
    }
    return this.random.of(own);
  }

  /** The CPU of the highest priority that can do something by itself. */
  private highest(all: readonly SplitSteps[]): number | undefined {
    const { priorities = [], awaiting } = this;
    const priority = (cpu: number): number =>
      awaiting.includes(cpu) ? -1 - awaiting.indexOf(cpu) : (priorities[cpu] ?? 0);
    let best: number | undefined;
    for (const [cpu, { own }] of all.entries()) {
      if (own.length > 0 && (best === undefined || priority(cpu) > priority(best))) best = cpu;
    }
    return best;
  }
}
