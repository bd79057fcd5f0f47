import { VECTOR } from '../../cpu/vector.js';
import type { Machine } from '../../machine/machine.js';
import type { StateVector } from '../../machine/state-vector.js';
import type { Move, MoveSource, Moves } from '../move.js';
import { MovedVector } from '../moved-vector.js';
import type { Sharing } from './sharing.js';

/** What NMIs and machine checks are taken out of. */
export interface IdleOptions {
  readonly machine: Machine;
  readonly vector: StateVector;
  readonly sharing: Sharing;
  readonly leavesOut: () => boolean;
}

/**
 * Leaves out NMIs and machine checks after whose handler everything is as before: but for the budget, and for what lies
 * below RSP (docs/soundness/idle-interrupts.md).
 */
export class IdleInterrupts implements MoveSource {
  private readonly at = new MovedVector();

  constructor(
    private readonly source: MoveSource,
    private readonly options: IdleOptions,
  ) {}

  moves(state: Int32Array, length: number, cpu: number): Moves {
    const moves = this.source.moves(state, length, cpu);
    if (!moves.list.some(isInterrupt) || !this.options.leavesOut()) return moves;
    const list = moves.list.filter((move) => !isInterrupt(move) || !this.isIdle(move, state, length, cpu));
    return { ...moves, list };
  }

  private isIdle(interrupt: Move, state: Int32Array, length: number, cpu: number): boolean {
    const { machine, vector, sharing } = this.options;
    const { kind } = interrupt.step;
    if ((kind !== 'nmi' && kind !== 'mc') || !machine.delivery.returnsAtOnce(VECTOR[kind])) return false;
    const isLine = (part: number): boolean => part >= vector.firstLine;
    // Its frame, and nothing that monitors know.
    const begins = (part: number): boolean => part === cpu || part === machine.cpuCount || isLine(part);
    if (!goesOn(interrupt) || !interrupt.parts.every(begins)) return false;
    const at = this.at.copy(state, length).apply(interrupt);
    // A handler of one step, in which nothing else can happen to the CPU.
    const { list, accesses } = this.source.moves(at.words, at.length, cpu);
    const [last, ...more] = list;
    if (last?.step.kind !== 'procedure' || more.length > 0 || !last.endsHandler || !goesOn(last)) return false;
    const before = state[cpu] ?? 0;
    const ends = (part: number, i: number): boolean => (part === cpu ? last.idAt(i) === before : isLine(part));
    if (!last.parts.includes(cpu) || !last.parts.every(ends)) return false;
    // What it reads is the frame.
    return (
      accesses !== undefined &&
      [accesses.read, accesses.written].every((words) => sharing.areOwn(vector.ownerOf(before, cpu), words))
    );
  }
}

/** Whether a move of a state has an NMI or a machine check in it. */
export function spendsInterrupt(move: Move, state: Int32Array, { machine, vector }: IdleOptions): boolean {
  const part = machine.cpuCount;
  const place = move.parts.indexOf(part);
  return place >= 0 && interruptsLeft(vector, move.idAt(place)) < interruptsLeft(vector, state[part] ?? 0);
}

function interruptsLeft(vector: StateVector, block: number): number {
  return vector.budgetLeft(block, 'nmi') + vector.budgetLeft(block, 'mc');
}

const isInterrupt = ({ step: { kind } }: Move): boolean => kind === 'nmi' || kind === 'mc';

const goesOn = ({ violation, unsupported }: Move): boolean => violation === undefined && unsupported === undefined;
