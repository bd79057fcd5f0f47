import type { Machine } from '../machine/machine.js';
import type { Move } from './move.js';
import { StateAtHand } from './state-at-hand.js';
import { StateTable } from './state-table.js';
import type { Workshop } from './workshop.js';

/**
 * States and the single steps between them, as far as somebody asks. States are one where no step tells them apart: what
 * is dead on stacks, and floors that are, is forgotten if the workshop forgets it (docs/soundness/fewest-preemptions.md).
 * The first state has the number 0.
 */
export class StepGraph {
  readonly states: StateTable;
  private readonly hand: StateAtHand;

  /** @param first the vector of the first state */
  constructor(
    private readonly workshop: Workshop,
    first: Int32Array,
  ) {
    this.states = new StateTable(first.length + 8);
    this.states.insert(first, first.length, { from: -1, cpu: 0, choice: 0, distance: 0 });
    this.hand = new StateAtHand(this, dropped, () => undefined);
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
    const { hand } = this;
    hand.load(state);
    return this.workshop.single.moves(hand.words, hand.length, cpu).list;
  }

  /** The state that a step of a state leads to. */
  after(state: number, move: Move): number {
    this.hand.move(state, move.parts, move.ids, move.at);
    const { words, length } = this.hand.next;
    return this.states.insert(words, length, { from: state, cpu: move.step.cpu, choice: 0, distance: 0 });
  }

  /** Puts the machine into a state. */
  restore(state: number): void {
    this.hand.load(state);
    this.workshop.vector.write(this.hand.words, this.hand.length);
  }

  /** Bytes of memory in use, with what is remembered of steps. */
  get bytes(): number {
    return this.states.bytes + this.workshop.bytes;
  }
}

/** Nothing is dropped here. */
function dropped(state: number): never {
  throw new Error(`state ${state} has no vector`);
}
