import type { Machine } from '../machine/machine.js';
import type { StateVector } from '../machine/state-vector.js';
import type { Monitors } from '../property/monitors.js';
import { letGo, limitReached, memoryOf } from './compaction.js';
import { CurrentSuccessors } from './current-successors.js';
import { type Detour, detourOf, foundWay } from './found-way.js';
import { Frontier } from './frontier.js';
import { Help } from './helpers/help.js';
import type { Move, MoveShape, MoveSource } from './move.js';
import type { MoveCache } from './move-cache.js';
import { endOf, NearestEnd } from './nearest-end.js';
import type { Conclusions } from './reduction/conclusions.js';
import type { AppliedReductions } from './reduction/reductions.js';
import { Subsumption } from './reduction/subsumption.js';
import { ReturnedStates } from './returned-states.js';
import type { SearchCounts, SearchEnd } from './search-end.js';
import type { SearchOptions } from './search-options.js';
import { StateAtHand } from './state-at-hand.js';
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
  /** The state that was looked at last, and what {@link successor} or {@link after} was last asked for. */
  readonly hand = new StateAtHand(
    this,
    (state) => foundWay(this, state).vector,
    (vector) => this.conclusions.symmetry?.represent(vector),
  );

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
    this.hand.forget();
    this.transitions = 0;
    this.restarts++;
  }

  /** The reductions that it uses. */
  get applied(): AppliedReductions {
    return this.conclusions.applied;
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
    this.hand.load(state);
    this.successors.lookAt(state);
    const { unreduced, source } = this.workshop;
    if (unreduced === undefined) this.lookAtMoves(state, source);
    else this.lookAtSingleSteps(state, unreduced);
  }

  private lookAtMoves(state: number, source: MoveSource): void {
    const { hand, conclusions } = this;
    const all = this.machine.cpus.map(({ cpu }) => source.moves(hand.words, hand.length, cpu));
    conclusions.look(hand.words, hand.length, all);
    for (let cpu = 0; cpu < all.length; cpu++) {
      const list = all[cpu]?.list ?? [];
      for (let choice = 0; choice < list.length; choice++) {
        const move = list[choice] as Move;
        const after = this.take(move.shape, move.ids, move.at, state, cpu, choice);
        if (after >= 0 && move.fetchesCurrent && conclusions.isWay(move, hand.words)) this.successors.add(after);
      }
    }
  }

  /** The same of single steps that are remembered, where nothing is concluded from them: without objects for moves. */
  private lookAtSingleSteps(state: number, cache: MoveCache): void {
    const { hand } = this;
    for (let cpu = 0; cpu < this.machine.cpuCount; cpu++) {
      const entry = cache.entryOf(hand.words, hand.length, cpu);
      const shape = cache.shapeOf(entry);
      const { words } = cache;
      let at = cache.idsOf(entry, shape);
      for (let choice = 0; choice < shape.list.length; choice++) {
        const move = shape.list[choice] as MoveShape;
        const after = this.take(move, words, at, state, cpu, choice);
        if (after >= 0 && move.fetchesCurrent) this.successors.add(after);
        at += move.parts.length;
      }
    }
  }

  /**
   * Takes note of a move of a state.
   * @param at where in `ids` the numbers lie that it gives to parts
   * @returns the state after it; -1: nobody goes on from there
   */
  private take(move: MoveShape, ids: Move['ids'], at: number, from: number, cpu: number, choice: number): number {
    this.transitions += move.steps.length;
    const distance = this.states.distanceOf(from) + move.steps.length;
    const end = endOf(move, from, distance);
    if (end === undefined) {
      this.hand.move(from, move.parts, ids, at);
      return this.insert({ from, cpu, choice, distance });
    }
    if (this.options.goesOn?.(end) !== true) this.nearest.offer(end);
    return -1;
  }

  /** All moves of a CPU in a state. */
  moves(state: number, cpu: number): readonly Move[] {
    return this.workshop.source.moves(this.vectorOf(state), this.hand.length, cpu).list;
  }

  /** The state that a move of a state leads to. All of them are known once the search is exhausted. */
  after(state: number, move: Move): number {
    const distance = this.states.distanceOf(state) + move.steps.length;
    this.hand.move(state, move.parts, move.ids, move.at);
    return this.insert({ from: state, cpu: move.step.cpu, choice: 0, distance });
  }

  /** The same, if that very state was found: not one that subsumes it. */
  successor(state: number, move: Move): number | undefined {
    this.hand.move(state, move.parts, move.ids, move.at);
    const { words, length } = this.hand.next;
    return this.states.find(words, length);
  }

  /** Puts the machine into a state. */
  restore(state: number): void {
    this.vector.write(this.vectorOf(state), this.hand.length);
  }

  /** Whether the vector of a state is there, and does not have to be found again. */
  isKept(state: number): boolean {
    return this.states.vectors.has(state);
  }

  /** The vector of a state, until the next one is asked for. */
  vectorOf(state: number): Int32Array {
    this.hand.load(state);
    return this.hand.words;
  }

  /** The single steps from the first state on, with all that it remembers of moves; it forgets its own states. */
  singleSteps(): StepGraph {
    this.states = this.begin();
    return new StepGraph(this.workshop, this.first);
  }

  /** Adds the state after the move that was made last, unless it is there, or one that subsumes it and is as near. */
  private insert(arrival: Arrival): number {
    const { states, subsumption, isExact, nextLayer } = this;
    const { next } = this.hand;
    const { words, length } = next;
    const { count } = states;
    if (subsumption !== undefined) {
      const reached = { distance: arrival.distance, looking: this.frontier.distance, isExact, nextLayer };
      const subsumer = subsumption.subsumer(states, next, reached);
      if (subsumer !== undefined) return subsumer;
    }
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
}
