import type { Move, MoveSource, Moves } from '../move.js';

/** Leaves out moves that lead back to where they come from: a CPU that waits (docs/soundness/await.md). */
export class Awaits implements MoveSource {
  constructor(private readonly source: MoveSource) {}

  moves(state: Int32Array, length: number, cpu: number): Moves {
    const moves = this.source.moves(state, length, cpu);
    const { list } = moves;
    return list.some(changesNothing) ? { ...moves, list: list.filter((move) => !changesNothing(move)) } : moves;
  }
}

function changesNothing({ parts, violation, unsupported }: Move): boolean {
  return parts.length === 0 && violation === undefined && unsupported === undefined;
}
