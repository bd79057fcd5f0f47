import type { Machine } from '../../machine/machine.js';
import type { Step } from '../../machine/step.js';
import { Random } from '../random.js';
import { type Choices, type Chooser, stepsOn } from './chooser.js';
import { isInteresting } from './interesting.js';
import type { Rehearsal } from './rehearsal.js';
import { ENVIRONMENT, type Environment, type SplitSteps, splitSteps } from './step-kinds.js';

/** Who may do something interesting next: a CPU, or the environment. */
type Actor = number | Environment;

/**
 * Selectively uniform random walk (Zhao, Wolff, Mathur, Roychoudhury: Selectively Uniform Concurrency Testing, ASPLOS
 * 2025): all orders of the interesting steps are about equally likely, however many others lie between them. Who does
 * the next interesting step is drawn by how many of them each has left; until it is done the others do uninteresting
 * ones only.
 *
 * How many each has is guessed from a {@link Rehearsal}. Every event that a budget of the environment allows is an
 * interesting step of an actor of its own.
 */
export class Surw implements Chooser {
  private readonly random: Random;
  private readonly left = new Map<Actor, number>();
  private intended: Actor | undefined;

  constructor(
    seed: number,
    private readonly rehearsal: Rehearsal,
  ) {
    this.random = new Random(seed);
  }

  next(choices: Choices, machine: Machine): Step | undefined {
    if (this.left.size === 0) this.begin(machine);
    const all = Array.from({ length: choices.cpuCount }, (_, cpu) => splitSteps(stepsOn(choices, cpu)));
    const isSpecial = all.map(
      ({ own }, cpu) => own.length > 0 && isInteresting(machine, cpu, own, this.rehearsal.storing),
    );
    this.intended ??= this.draw(all);
    let candidates = this.candidates(all, isSpecial);
    if (candidates.length === 0) {
      // Whoever was to be next cannot do anything now.
      this.intended = this.draw(all);
      candidates = this.candidates(all, isSpecial);
    }
    const actor = this.random.of(candidates);
    if (actor === undefined) return undefined;
    if (actor === this.intended && (typeof actor !== 'number' || isSpecial[actor])) {
      this.left.set(actor, Math.max(0, (this.left.get(actor) ?? 0) - 1));
      this.intended = undefined;
    }
    return this.random.of(stepsOf(actor, all));
  }

  private begin(machine: Machine): void {
    this.fill();
    const { budgets } = machine;
    for (const kind of ENVIRONMENT) this.left.set(kind, budgets.left(kind === 'switch' ? 'reschedule' : kind));
  }

  private fill(): void {
    for (const [cpu, count] of this.rehearsal.interesting.entries()) this.left.set(cpu, Math.max(1, count));
  }

  /** Who can do something and need not hold back. */
  private candidates(all: readonly SplitSteps[], isSpecial: readonly boolean[]): Actor[] {
    const cpus = [...all.keys()].filter((cpu) => all[cpu]?.own.length !== 0);
    const free = cpus.filter((cpu) => cpu === this.intended || !isSpecial[cpu]);
    const { intended } = this;
    return typeof intended === 'string' && stepsOf(intended, all).length > 0 ? [...free, intended] : free;
  }

  /** One of those that can do something, by what they have left. */
  private draw(all: readonly SplitSteps[]): Actor | undefined {
    const able = [...this.left.keys()].filter((actor) => stepsOf(actor, all).length > 0);
    const total = (): number => able.reduce<number>((sum, actor) => sum + (this.left.get(actor) ?? 0), 0);
    // More was done than in the rehearsal.
    if (total() === 0) this.fill();
    const isSpent = total() === 0;
    let at = this.random.below(isSpent ? able.length : total());
    for (const actor of able) {
      at -= isSpent ? 1 : (this.left.get(actor) ?? 0);
      if (at < 0) return actor;
    }
    return undefined;
  }
}

/** What an actor may do now. */
function stepsOf(actor: Actor, all: readonly SplitSteps[]): readonly Step[] {
  if (typeof actor === 'number') return all[actor]?.own ?? [];
  return all.flatMap(({ environment }) => environment.filter(({ kind }) => kind === actor));
}
