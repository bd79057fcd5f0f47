import type { Machine } from '../machine/machine.js';
import type { StateVector } from '../machine/state-vector.js';
import type { Monitors } from '../property/monitors.js';
import type { Move, MoveSource } from './move.js';
import { MoveCache } from './move-cache.js';
import { MoveMaker } from './move-maker.js';
import type { GoesOn, SearchCounts, SearchEnd, SearchLimits } from './search-end.js';
import { StateTable } from './state-table.js';

export interface SearchOptions {
  readonly limits: SearchLimits;
  /** Whether moves are remembered; without that every one is done on the machine. */
  readonly moveCache: boolean;
  /** Default: the first step after which nobody goes on ends the search. */
  readonly goesOn?: GoesOn;
}

/**
 * Every state that a machine can get into under any schedule, breadth first: the states of one layer are all reached by
 * the same number of steps, and by no fewer. Nothing is left out and nothing is approximated.
 */
export class Search {
  readonly states: StateTable;
  /** How it ended; undefined while it can go on. */
  end: SearchEnd | undefined;
  transitions = 0;
  readonly vector: StateVector;
  /** The first state of each layer. */
  readonly layers: number[] = [0];
  private readonly source: MoveSource;
  private readonly cache: MoveCache | undefined;
  /** The state that is looked at next. */
  private at = 0;
  /** Vectors of a state and of one after it. */
  private state = new Int32Array(64);
  private next = new Int32Array(64);
  private loaded = -1;
  private length = 0;

  /** Begins with the state that the machine is in, and ends there if a monitor has found fault with it. */
  constructor(
    readonly machine: Machine,
    monitors: Monitors,
    private readonly options: SearchOptions,
  ) {
    this.vector = machine.vector();
    const maker = new MoveMaker(machine, monitors, this.vector);
    if (options.moveCache) this.cache = new MoveCache(maker);
    this.source = this.cache ?? maker;
    this.vector.read();
    this.states = new StateTable(this.vector.length + 8);
    this.states.insert(this.vector.ids, this.vector.length, -1, 0, 0);
    const { violation } = monitors;
    if (violation !== undefined) this.end = { kind: 'violated', state: 0, step: undefined, violation };
  }

  get counts(): SearchCounts {
    return {
      states: this.states.count,
      frontier: this.states.count - this.at,
      transitions: this.transitions,
      depth: Math.max(0, this.layers.length - 2),
      memory: this.memory,
    };
  }

  private get memory(): number {
    return this.states.bytes + this.vector.words.bytes + (this.cache?.bytes ?? 0);
  }

  /** Looks at up to `count` further states. */
  advance(count: number): SearchEnd | undefined {
    const { limits } = this.options;
    for (let done = 0; done < count && this.end === undefined; done++) {
      if (this.at === this.states.count) this.end = { kind: 'exhausted' };
      else if (this.states.count > limits.states) this.end = { kind: 'limit', limit: 'states' };
      else if (this.memory > limits.memory) this.end = { kind: 'limit', limit: 'memory' };
      else this.lookAt(this.at);
    }
    return this.end;
  }

  /** Finds what comes after a state. */
  private lookAt(state: number): void {
    if (state === this.layers.at(-1)) this.layers.push(this.states.count);
    for (let cpu = 0; cpu < this.machine.cpuCount; cpu++) {
      const moves = this.moves(state, cpu);
      for (let choice = 0; choice < moves.length; choice++) {
        const move = moves[choice];
        if (move === undefined) continue;
        this.transitions++;
        const end = endOf(move, state);
        if (end === undefined) this.insert(move, state, cpu, choice);
        else if (this.options.goesOn?.(end) !== true) {
          this.end = end;
          return;
        }
      }
    }
    this.at = state + 1;
  }

  /** The layer that a state is in: how many steps lead to it, at least. */
  depthOf(state: number): number {
    return this.layers.findLastIndex((first) => first <= state);
  }

  /** All moves of a CPU in a state. */
  moves(state: number, cpu: number): readonly Move[] {
    this.load(state);
    return this.source.moves(this.state, this.length, cpu);
  }

  /** The state that a move of a state leads to. All of them are known once the search is exhausted. */
  after(state: number, move: Move): number {
    return this.insert(move, state, move.step.cpu, 0);
  }

  /** Puts the machine into a state. */
  restore(state: number): void {
    this.load(state);
    this.vector.write(this.state, this.length);
  }

  /** The vector of a state, until the next one is asked for. */
  vectorOf(state: number): Int32Array {
    this.load(state);
    return this.state;
  }

  private load(state: number): void {
    if (this.loaded === state && this.length === this.states.length) return;
    this.length = this.states.length;
    if (this.length + SPARE > this.state.length) this.state = new Int32Array(2 * this.length + SPARE);
    this.states.read(state, this.state);
    this.loaded = state;
  }

  private insert({ parts, ids }: Move, state: number, cpu: number, choice: number): number {
    this.load(state);
    const last = parts.at(-1) ?? 0;
    const end = Math.max(this.length, last + 1);
    if (end > this.next.length) this.next = new Int32Array(2 * end);
    const { next } = this;
    for (let i = 0; i < this.length; i++) next[i] = this.state[i] ?? 0;
    for (let i = this.length; i < end; i++) next[i] = 0;
    for (let i = 0; i < parts.length; i++) next[parts[i] ?? 0] = ids[i] ?? 0;
    return this.states.insert(next, end, state, cpu, choice);
  }
}

/** Room in a vector for numbers that come while it is in use. */
const SPARE = 64;

function endOf({ step, violation, unsupported }: Move, state: number): Parameters<GoesOn>[0] | undefined {
  if (violation !== undefined) return { kind: 'violated', state, step, violation };
  return unsupported === undefined ? undefined : { kind: 'unsupported', state, step, stop: unsupported };
}
