import type { Move, MoveSource, Moves } from '../move.js';

/**
 * Of a poke's bytes those that change nothing are stored last, in one order: no other CPU sees when
 * (docs/soundness/silent-stores.md).
 */
export class SilentStores implements MoveSource {
  constructor(private readonly source: MoveSource) {}

  moves(state: Int32Array, length: number, cpu: number): Moves {
    const moves = this.source.moves(state, length, cpu);
    // Alternatives of one procedure step, and nothing else that the CPU might do.
    const { list } = moves;
    if (list.length < 2 || list.some(({ step }) => step.kind !== 'procedure')) return moves;
    const loud = list.filter((move) => !isSilent(move, cpu));
    return { ...moves, list: loud.length > 0 ? loud : list.slice(0, 1) };
  }
}

/** It changes its CPU's block alone: which bytes were stored. */
function isSilent({ parts, violation, unsupported }: Move, cpu: number): boolean {
  return parts.length === 1 && parts[0] === cpu && violation === undefined && unsupported === undefined;
}
