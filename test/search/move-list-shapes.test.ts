import { describe, expect, it } from 'vitest';
import { Move, type Moves, moveShape } from '../../src/search/move.js';
import { idsOf, MoveListShapes, movesOf } from '../../src/search/move-list-shapes.js';
import { MoveShapes } from '../../src/search/move-shapes.js';
import { AccessSets } from '../../src/search/reduction/accesses.js';

const shapes = new MoveShapes();

/** A step of a procedure on a CPU that changes parts. */
function move(choice: number, parts: readonly number[], ids: readonly number[]): Move {
  const step = { kind: 'procedure', cpu: 1, choice } as const;
  const shape = { step, steps: [{ cpu: 1, choice }], parts, fetchesCurrent: true, endsHandler: false };
  return new Move(shapes.of(shape), ids);
}

/** All that there is of moves. */
const written = ({ list, accesses }: Moves): unknown => [
  accesses,
  list.map((each) => [each.shape, each.parts.map((_, i) => each.idAt(i))]),
];

describe('Shapes of moves', () => {
  it('make the moves again with their numbers, wherever those lie', () => {
    const known = new MoveListShapes();
    const moves = { list: [move(0, [1, 4], [7, 8]), move(1, [], []), move(2, [3], [9])] };
    const number = known.numberOf(moves);
    const words = Int32Array.from([0, 0, ...idsOf(moves), 0]);
    expect(idsOf(moves)).toEqual([7, 8, 9]);
    expect(known.of(number).idCount).toBe(3);
    expect(written(movesOf(known.of(number), words, 2))).toEqual(written(moves));
  });

  it('are one for moves that differ in numbers alone, and another for all others', () => {
    const known = new MoveListShapes();
    const sets = new AccessSets();
    const list = [move(0, [1, 4], [7, 8])];
    const number = known.numberOf({ list });
    expect(known.numberOf({ list: [move(0, [1, 4], [8, 7])] })).toBe(number);
    const { shape } = move(0, [1, 4], []);
    const violation = {
      property: 'int3-handled',
      step: 1,
      cpu: 1,
      address: 0n,
      bytes: new Uint8Array(),
      message: '',
      events: [],
    };
    const others: Moves[] = [
      { list: [] },
      { list: [...list, ...list] },
      { list: [move(1, [1, 4], [7, 8])] },
      { list: [move(0, [1, 5], [7, 8])] },
      { list, accesses: sets.of([1], []) },
      { list, accesses: sets.of([1], [1]) },
      { list: [new Move(moveShape({ ...shape, violation }), [7, 8])] },
    ];
    expect(new Set([number, ...others.map((moves) => known.numberOf(moves))]).size).toBe(others.length + 1);
    expect(known.size).toBe(others.length + 1);
  });
});
