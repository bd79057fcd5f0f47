import { Move, type MoveShape, type Moves } from './move.js';
import type { Accesses } from './reduction/accesses.js';

/** What the moves of a CPU have in common with those in other states: all but the numbers that parts get. */
export interface MoveListShape {
  readonly list: readonly MoveShape[];
  readonly accesses: Accesses | undefined;
  /** How many numbers parts get, those of one move after those of the other. */
  readonly idCount: number;
}

/** Shapes of lists of moves, each kept once, by number. Very many states have moves of few shapes. */
export class MoveListShapes {
  private readonly shapes: MoveListShape[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly numbersOfMoves = new Map<MoveShape, number>();

  get size(): number {
    return this.shapes.length;
  }

  numberOf({ list, accesses }: Moves): number {
    const key = `${accesses?.index} ${list.map(({ shape }) => this.numberOfMove(shape)).join()}`;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.shapes.length;
    const idCount = list.reduce((sum, { parts }) => sum + parts.length, 0);
    this.shapes.push({ list: list.map(({ shape }) => shape), accesses, idCount });
    this.numbers.set(key, number);
    return number;
  }

  private numberOfMove(shape: MoveShape): number {
    const number = this.numbersOfMoves.get(shape) ?? this.numbersOfMoves.size;
    this.numbersOfMoves.set(shape, number);
    return number;
  }

  /** The shape with a number. */
  of(number: number): MoveListShape {
    return this.shapes[number] as MoveListShape;
  }

  clear(): void {
    this.shapes.length = 0;
    this.numbers.clear();
    this.numbersOfMoves.clear();
  }
}

/** The numbers that moves give to parts, those of one after those of the other. */
export function idsOf({ list }: Moves): number[] {
  const ids: number[] = [];
  for (const move of list) for (let i = 0; i < move.parts.length; i++) ids.push(move.idAt(i));
  return ids;
}

/** Moves of a shape; the numbers of parts lie in `words` from `at` on. */
export function movesOf({ list, accesses }: MoveListShape, words: Int32Array, at: number): Moves {
  const moves: Move[] = [];
  for (const shape of list) {
    moves.push(new Move(shape, words, at));
    at += shape.parts.length;
  }
  return { list: moves, accesses };
}
