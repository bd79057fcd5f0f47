import type { Machine } from '../machine/machine.js';
import type { Move } from './move.js';
import { MovedVector } from './moved-vector.js';
import { StateTable } from './state-table.js';
import type { Workshop } from './workshop.js';

/**
 * States and the single steps between them, as far as somebody asks. States are one where no step tells them apart: what
 * is dead on stacks, and floors that are, is forgotten if the workshop forgets it (docs/soundness/fewest-preemptions.md).
 * The first state has the number 0.
 */
export class StepGraph {
  private readonly states: StateTable;
  private state = new Int32Array(64);
  private length = 0;
  private loaded = -1;
  private readonly next = new MovedVector();

  /** @param first the vector of the first state */
  constructor(
    private readonly workshop: Workshop,
    first: Int32Array,
  ) {
    this.states = new StateTable(first.length + 8);
    this.states.insert(first, first.length, { from: -1, cpu: 0, choice: 0, distance: 0 });
  }

  get machine(): Machine {
    return this.workshop.machine;
  }

  /** What was forgotten matters after all: the states are the wrong ones. */
  get isWrong(): boolean {
    return this.workshop.conclusions.deadStack?.hasToStop === true;
  }

  /** All steps of a CPU in a state. */
  moves(state: number, cpu: number): readonly Move[] {
    this.load(state);
    return this.workshop.single.moves(this.state, this.length, cpu).list;
  }

  /** The state that a step of a state leads to. */
  after(state: number, move: Move): number {
    this.load(state);
    const { words, length } = this.next.copy(this.state, this.length).apply(move);
    return this.states.insert(words, length, { from: state, cpu: move.step.cpu, choice: 0, distance: 0 });
  }

  /** Puts the machine into a state. */
  restore(state: number): void {
    this.load(state);
    this.workshop.vector.write(this.state, this.length);
  }

  /** Bytes of memory in use, with what is remembered of steps. */
  get bytes(): number {
    return this.states.bytes + this.workshop.bytes;
  }

  private load(state: number): void {
    if (this.loaded === state && this.length === this.states.length) return;
    this.length = this.states.length;
    if (this.length > this.state.length) this.state = new Int32Array(2 * this.length);
    this.states.read(state, this.state);
    this.loaded = state;
  }
}
