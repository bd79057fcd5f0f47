import type { Step } from '../machine/step.js';
import { INTERRUPTS } from '../machine/step-kinds.js';
import { Int32List } from '../memory/int32-list.js';
import { canGoOn } from './can-go-on.js';
import { Frontier } from './frontier.js';
import type { Move, WayStep } from './move.js';
import type { LimitReached, SearchLimits } from './search-end.js';
import type { StepGraph } from './step-graph.js';
import { stepsOfWay } from './way-steps.js';
import { FewestSteps, NOBODY, VIOLATED, type WayEnd, WayTable } from './way-table.js';

/** What is looked for. */
export interface Wanted {
  /** The property that the last step violates. */
  readonly property: string;
  /** The most steps of a way. */
  readonly mostSteps: number;
  /** The preemptions of a way that is known: only those with fewer are looked for. */
  readonly fewerThan: number;
}

export type FewestPreemptionsEnd =
  | { readonly kind: 'found'; readonly steps: readonly Step[]; readonly preemptions: number }
  /** There is no such way. */
  | { readonly kind: 'none' }
  | { readonly kind: 'limit'; readonly limit: LimitReached };

/**
 * Of all ways to a violation, up to a length, one with the fewest preemptions, and of those a shortest: a 0-1 search, layer
 * by layer of preemptions, and by steps within a layer. A preemption is a change from a CPU that could go on by itself to
 * another one; accepting an interrupt is none, nor is leaving a CPU that waits, is halted or has just ended a handler.
 *
 * A state that is reached again with more preemptions is looked at again if that took fewer steps: from there the violation
 * may be within the length, and from the other way not.
 */
export class FewestPreemptions {
  end: FewestPreemptionsEnd | undefined;
  /** There is no way with fewer. */
  preemptions = 0;
  private ways = new WayTable();
  /** Ways to look at with {@link preemptions}, and with one more. */
  private frontier = new Frontier();
  private further = new Frontier();
  /** The ways with {@link preemptions} that were looked at, and how many of them were left with one more. */
  private readonly ofLayer = new Int32List();
  private lookedAt = 0;
  private left = 0;
  /** With so many preemptions at most, and with just one more. */
  private fewest: FewestSteps;
  private fewestFurther: FewestSteps;

  /** @param whole makes a graph that forgets nothing, in the place of one that should not have */
  constructor(
    private graph: StepGraph,
    private readonly wanted: Wanted,
    private readonly limits: SearchLimits,
    private readonly whole: () => StepGraph,
  ) {
    [this.fewest, this.fewestFurther] = this.begin();
    if (wanted.fewerThan === 0) this.end = { kind: 'none' };
  }

  private begin(): [FewestSteps, FewestSteps] {
    const { cpuCount } = this.graph.machine;
    this.preemptions = 0;
    this.lookedAt = 0;
    this.left = 0;
    this.ways = new WayTable();
    this.frontier = new Frontier();
    this.further = new Frontier();
    this.frontier.add(0, 0);
    const fewest = new FewestSteps(cpuCount);
    fewest.note(this.ways.end(0));
    return [fewest, new FewestSteps(cpuCount)];
  }

  private beginAnew(): void {
    this.graph.restore(0);
    this.graph = this.whole();
    [this.fewest, this.fewestFurther] = this.begin();
  }

  /** How many ways were found, each the best to where it leads. */
  get count(): number {
    return this.ways.count;
  }

  /** Looks at where up to `count` further ways lead on to. */
  advance(count: number): FewestPreemptionsEnd | undefined {
    for (let done = 0; done < count && this.end === undefined; done++) {
      const end = this.goOn() ?? this.limit;
      if (this.graph.isWrong) this.beginAnew();
      else this.end = end;
    }
    return this.end;
  }

  /** The next in the order of preemptions and steps. CPUs are preempted when all that needs no preemption was looked at. */
  private goOn(): FewestPreemptionsEnd | undefined {
    const next = this.frontier.peek();
    if (next !== undefined) {
      this.frontier.take();
      return this.lookAt(next);
    }
    if (this.preemptions + 1 === this.wanted.fewerThan) return { kind: 'none' };
    if (this.left < this.lookedAt) {
      const way = this.ofLayer.at(this.left++);
      this.extend(way, this.ways.end(way), false);
      return undefined;
    }
    if (this.further.peek() === undefined) return { kind: 'none' };
    this.preemptions++;
    this.frontier = this.further;
    this.further = new Frontier();
    this.fewest.join(this.fewestFurther);
    this.fewestFurther = new FewestSteps(this.graph.machine.cpuCount);
    this.left = 0;
    this.lookedAt = 0;
    return undefined;
  }

  private lookAt(way: number): FewestPreemptionsEnd | undefined {
    const { wanted, fewest } = this;
    const end = this.ways.end(way);
    const { state, last, steps } = end;
    if (state === VIOLATED) return this.found(way);
    // Meanwhile somebody came there in fewer steps, or in as many and leaves it for nothing.
    const isBeaten = fewest.to(state, last) < steps || (last !== NOBODY && fewest.to(state, NOBODY) <= steps);
    if (isBeaten || steps === wanted.mostSteps) return undefined;
    this.ofLayer.set(this.lookedAt++, way);
    this.extend(way, end, true);
    return undefined;
  }

  /** Adds what a way leads on to without a preemption, or with one. */
  private extend(way: number, { state, last, steps }: WayEnd, wantsFree: boolean): void {
    const { graph } = this;
    const all = graph.machine.cpus.map(({ cpu }) => graph.moves(state, cpu));
    const isAnyonesTurn = last === NOBODY || !canGoOn(all[last] ?? []);
    for (const [cpu, moves] of all.entries()) {
      for (const move of moves) {
        const isFree = isAnyonesTurn || cpu === last || INTERRUPTS.has(move.step.kind);
        if (isFree !== wantsFree) continue;
        const after = this.after(state, move);
        if (after === undefined) continue;
        const end = { state: after, last: move.endsHandler ? NOBODY : cpu, steps: steps + 1 };
        this.add(end, way, onlyStep(move), isFree);
      }
    }
  }

  private found(way: number): FewestPreemptionsEnd {
    const { graph, preemptions } = this;
    graph.restore(0);
    return { kind: 'found', steps: stepsOfWay(graph.machine, this.ways.stepsOf(way)), preemptions };
  }

  /** Undefined: nobody goes on from there, and it is not what is wanted. */
  private after(state: number, move: Move): number | undefined {
    if (move.violation?.property === this.wanted.property) return VIOLATED;
    const goesOn = move.violation === undefined && move.unsupported === undefined;
    return goesOn ? this.graph.after(state, move) : undefined;
  }

  /** Adds a way, unless one that is as good is known. */
  private add(end: WayEnd, before: number, step: WayStep, isFree: boolean): void {
    if (this.fewest.to(end.state, end.last) <= end.steps) return;
    if (!(isFree ? this.fewest : this.fewestFurther).note(end)) return;
    (isFree ? this.frontier : this.further).add(this.ways.add(end, before, step), end.steps);
  }

  private get limit(): FewestPreemptionsEnd | undefined {
    const { limits, ways, graph } = this;
    if (ways.count > limits.states) return { kind: 'limit', limit: 'states' };
    const memory = graph.bytes + ways.bytes + this.ofLayer.bytes + this.fewest.bytes + this.fewestFurther.bytes;
    return memory > limits.memory ? { kind: 'limit', limit: 'memory' } : undefined;
  }
}

function onlyStep({ steps: [step] }: Move): WayStep {
  if (step === undefined) throw new Error('a move has a step');
  return step;
}
