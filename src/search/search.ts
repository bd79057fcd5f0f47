import type { Machine } from '../machine/machine.js';
import type { Renaming } from '../machine/renaming.js';
import type { StateVector } from '../machine/state-vector.js';
import type { Monitors } from '../property/monitors.js';
import { letGo, limitReached, memoryOf } from './compaction.js';
import { CurrentSuccessors } from './current-successors.js';
import { type Detour, detourOf, foundWay } from './found-way.js';
import { Frontier } from './frontier.js';
import { Help } from './helpers/help.js';
import type { Move } from './move.js';
import { MovedVector, SPARE } from './moved-vector.js';
import { endOf, NearestEnd } from './nearest-end.js';
import type { Conclusions } from './reduction/conclusions.js';
import type { AppliedReductions } from './reduction/reductions.js';
import type { Sharing } from './reduction/sharing.js';
import { Subsumption } from './reduction/subsumption.js';
import type { Symmetry } from './reduction/symmetry.js';
import { ReturnedStates } from './returned-states.js';
import type { SearchCounts, SearchEnd } from './search-end.js';
import type { SearchOptions } from './search-options.js';
import { type Arrival, StateTable } from './state-table.js';
import { StepGraph } from './step-graph.js';
import { Workshop, type WorkshopOptions } from './workshop.js';

/**
 * Every state that a machine can get into under any schedule, in the order of how many steps lead there at least. Without
 * reductions nothing is left out; with them, nothing that a verdict depends on.
 */
export class Search {
  states: StateTable;
  /** How it ended; undefined while it can go on. */
  end: SearchEnd | undefined;
  transitions = 0;
  readonly vector: StateVector;
  /** How often what had been concluded of who uses which memory was wrong. */
  restarts = 0;
  readonly conclusions: Conclusions;
  /** How CPUs were renamed by what was last asked for: {@link successor} or {@link after}. */
  renaming: Renaming | undefined;
  readonly workshop: Workshop;
  private readonly help: Help | undefined;
  /** The vector of the first state. */
  readonly first: Int32Array;
  frontier = new Frontier();
  /** What comes after the states that were looked at, for the property `progress`. */
  successors = new CurrentSuccessors();
  /** How many states were looked at, or need not be. */
  looked = 0;
  depth = 0;
  subsumption: Subsumption | undefined;
  /** The first state of the layer after the one that is being looked at, unless {@link isExact}. */
  nextLayer = 0;
  /** A state is subsumed only by one that is as near, so that distances are right. */
  isExact = false;
  nearest = new NearestEnd();
  /** A violation that was found by a detour, which is told if the search that measures does not come to one. */
  detour: Detour | undefined;
  returned = new ReturnedStates(this);
  /** Hears before the first state of a layer is looked at. */
  onLayer: (() => void) | undefined;
  /** Hears when fingerprints take the place of states. */
  onFingerprints: (() => void) | undefined;
  /** Vectors of a state and of one after it. */
  private state = new Int32Array(64);
  private readonly next = new MovedVector();
  private loaded = -1;
  private length = 0;

  /** Begins with the state that the machine is in, and ends there if a monitor has found fault with it. */
  constructor(
    readonly machine: Machine,
    readonly monitors: Monitors,
    private readonly options: SearchOptions,
  ) {
    const help = options.helpers && new Help(options.helpers);
    this.help = help;
    const finder: WorkshopOptions['finder'] = help && ((maker, workshop) => help.finding(maker, workshop));
    this.workshop = new Workshop(machine, monitors, { ...options, finder });
    this.vector = this.workshop.vector;
    this.conclusions = this.workshop.conclusions;
    this.vector.read();
    this.first = this.vector.ids.slice(0, this.vector.length);
    this.states = this.begin();
    const { violation } = monitors;
    if (violation !== undefined) this.end = { kind: 'violated', state: 0, step: undefined, steps: 0, violation };
  }

  /** A table with the first state alone. */
  private begin(): StateTable {
    const { fetchState, fetchPart } = this.vector;
    const states = new StateTable(this.vector.length + 8, this.options.fingerprints?.chunk);
    states.insert(this.first, this.first.length, { from: -1, cpu: 0, choice: 0, distance: 0 });
    this.frontier = new Frontier();
    this.successors = new CurrentSuccessors();
    this.returned = new ReturnedStates(this);
    this.frontier.add(0, 0);
    this.nextLayer = 0;
    if (!this.workshop.reductions.has('subsumption') || fetchState === undefined) this.isExact = true;
    else {
      this.subsumption = new Subsumption(fetchPart, (more, less) => fetchState.allowsMore(more, less));
      this.subsumption.add(0, this.first, this.first.length);
    }
    return states;
  }

  /** Something was found that ends the search, maybe by a detour: again, with all that is needed for the nearest. */
  measure(): void {
    if (!this.conclusions.areWrong) this.detour = detourOf(this);
    this.isExact = true;
    this.end = undefined;
    if (this.subsumption !== undefined) this.beginAnew();
  }

  /** Something that was concluded from steps was wrong: all over again, with what is known now. */
  private beginAnew(): undefined {
    if (this.conclusions.beginAnew()) this.workshop.cache?.clear();
    this.states = this.begin();
    this.nearest = new NearestEnd();
    this.looked = 0;
    this.loaded = -1;
    this.transitions = 0;
    this.restarts++;
  }

  /** The reductions that it uses. */
  get applied(): AppliedReductions {
    return this.conclusions.applied;
  }

  /** Who uses which memory; known where steps are fused, or interrupts are left out. */
  get sharing(): Sharing | undefined {
    return this.conclusions.sharing;
  }

  /** Which states are represented by which; absent where no two CPUs are alike. */
  get symmetry(): Symmetry | undefined {
    return this.conclusions.symmetry;
  }

  /** How many states were found. */
  get found(): number {
    return this.states.count;
  }

  /** How many times moves were found by helpers. */
  get movesTold(): number {
    return this.help?.used ?? 0;
  }

  get counts(): SearchCounts {
    const { states, looked, transitions, depth } = this;
    return { states: states.count, frontier: states.count - looked, transitions, depth, memory: memoryOf(this) };
  }

  /** Looks at up to `count` further states. */
  advance(count: number): SearchEnd | undefined {
    for (let done = 0; done < count && this.end === undefined; done++) {
      const state = this.frontier.peek();
      this.end = this.endBefore(state);
      if (state === undefined || this.end !== undefined) continue;
      if (this.frontier.distance !== this.depth || this.looked === 0) this.onLayer?.();
      this.help?.lookAhead(this, this.workshop);
      this.frontier.take();
      if (!this.isExact && state === this.nextLayer) this.nextLayer = this.states.count;
      // It may have been reached by a nearer way meanwhile.
      if (this.isExact && this.states.distanceOf(state) !== this.frontier.distance) continue;
      this.looked++;
      this.depth = this.frontier.distance;
      const cover = this.subsumption?.coverOf(state);
      if (cover === undefined) this.lookAt(state);
      else this.successors.isLike(state, cover);
      letGo(this, state);
      if (this.nearest.end !== undefined && !this.isExact) this.measure();
      if (this.conclusions.areWrong) this.beginAnew();
    }
    return this.end;
  }

  /** Looks at `width` states of the next layer only. From now on states are missed: there is no verdict, but an estimate. */
  narrow(width: number): void {
    this.frontier.narrow(width);
  }

  /** How the search ends if there is no reason to look at the next state. */
  private endBefore(state: number | undefined): SearchEnd | undefined {
    const nearest = this.nearest.before(state === undefined ? undefined : this.frontier.distance);
    if (nearest !== undefined) return nearest;
    if (state === undefined)
      return this.detour?.end ?? (this.conclusions.holdAtEnd(this) ? { kind: 'exhausted' } : this.beginAnew());
    const limit = limitReached(this, this.options);
    return limit === undefined ? undefined : (this.nearest.end ?? this.detour?.end ?? { kind: 'limit', limit });
  }

  /** Finds what comes after a state. */
  private lookAt(state: number): void {
    this.load(state);
    const all = this.machine.cpus.map(({ cpu }) => this.workshop.source.moves(this.state, this.length, cpu));
    this.conclusions.look(this.state, this.length, all);
    this.successors.lookAt(state);
    for (let cpu = 0; cpu < all.length; cpu++) {
      const list = all[cpu]?.list ?? [];
      for (let choice = 0; choice < list.length; choice++) {
        const move = list[choice];
        if (move === undefined) continue;
        this.transitions += move.steps.length;
        const steps = this.states.distanceOf(state) + move.steps.length;
        const end = endOf(move, state, steps);
        if (end !== undefined) {
          if (this.options.goesOn?.(end) !== true) this.nearest.offer(end);
        } else {
          const after = this.insert(move, { from: state, cpu, choice, distance: steps });
          if (move.fetchesCurrent && this.conclusions.isWay(move, this.state)) this.successors.add(after);
        }
      }
    }
  }

  /** How many steps lead to a state, at least. */
  depthOf(state: number): number {
    return this.states.distanceOf(state);
  }

  /** All moves of a CPU in a state. */
  moves(state: number, cpu: number): readonly Move[] {
    this.load(state);
    return this.workshop.source.moves(this.state, this.length, cpu).list;
  }

  /** The state that a move of a state leads to. All of them are known once the search is exhausted. */
  after(state: number, move: Move): number {
    const distance = this.states.distanceOf(state) + move.steps.length;
    return this.insert(move, { from: state, cpu: move.step.cpu, choice: 0, distance });
  }

  /** The same, if that very state was found: not one that subsumes it. */
  successor(state: number, move: Move): number | undefined {
    const { words, length } = this.moved(state, move);
    return this.states.find(words, length);
  }

  /** Puts the machine into a state. */
  restore(state: number): void {
    this.load(state);
    this.vector.write(this.state, this.length);
  }

  /** Whether the vector of a state is there, and does not have to be found again. */
  isKept(state: number): boolean {
    return this.states.vectors.has(state);
  }

  /** The vector of a state, until the next one is asked for. */
  vectorOf(state: number): Int32Array {
    this.load(state);
    return this.state;
  }

  /** The single steps from the first state on, with all that it remembers of moves; it forgets its own states. */
  singleSteps(): StepGraph {
    this.states = this.begin();
    return new StepGraph(this.workshop, this.first);
  }

  private load(state: number): void {
    if (this.loaded === state && this.length === this.states.length) return;
    this.length = this.states.length;
    if (this.length + SPARE > this.state.length) this.state = new Int32Array(2 * this.length + SPARE);
    if (this.states.vectors.has(state)) this.states.read(state, this.state);
    else this.state.fill(0).set(foundWay(this, state).vector.words.subarray(0, this.length));
    this.loaded = state;
  }

  /** Adds the state after a move, unless it is there, or one that subsumes it and is as near. */
  private insert(move: Move, arrival: Arrival): number {
    const { states, subsumption, isExact, nextLayer, next } = this;
    const { words, length } = this.moved(arrival.from, move);
    const { count } = states;
    const reached = { distance: arrival.distance, looking: this.frontier.distance, isExact, nextLayer };
    const subsumer = subsumption?.subsumer(states, next, reached);
    if (subsumer !== undefined) return subsumer;
    const state = states.insert(words, length, arrival);
    if (state === count) {
      this.frontier.add(state, this.isExact ? arrival.distance : this.frontier.distance + 1);
      subsumption?.add(state, words, length);
    } else if (this.isExact && arrival.distance < states.distanceOf(state)) {
      states.approach(state, arrival, next);
      this.frontier.add(state, arrival.distance);
    }
    return state;
  }

  /** Makes {@link next} what represents the state that a move makes of one; {@link renaming} is how. */
  private moved(state: number, move: Move): MovedVector {
    this.load(state);
    const next = this.next.copy(this.state, this.length).apply(move);
    this.renaming = this.symmetry?.represent(next);
    return next;
  }
}
