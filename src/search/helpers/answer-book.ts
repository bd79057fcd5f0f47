import type { StateVector } from '../../machine/state-vector.js';
import { ByParts } from '../by-parts.js';
import { Move, type MoveShape } from '../move.js';
import type { MoveShapes } from '../move-shapes.js';
import type { Findings } from './findings.js';
import { ANSWER_HEAD, type Answers } from './messages.js';
import { partOf } from './own-part.js';

/** The moves of a CPU in a state, as a helper found them. */
export interface Answer {
  readonly findings: Findings;
  readonly list: readonly Move[];
}

/** What a helper has told so far that answers name by number. */
export interface Told {
  readonly findings: Findings[];
  readonly shapes: MoveShape[];
}

/** Answers in one half; older ones were for states that the search has passed. */
const MOST_YOUNG = 1 << 15;

/** What helpers said that may still be needed. */
export class AnswerBook {
  /**
   * Of an entry the tag is how many words follow: the place of the helper in {@link helpers}, which findings, how many moves,
   * and for each move which shape, and the new numbers of the parts that it changes.
   */
  private young: ByParts;
  private old: ByParts;
  private readonly helpers: Told[] = [];
  /** A vector with the numbers of the parts that an answer is about. */
  private vector = new Int32Array(64);

  constructor(
    private readonly cpus: number,
    private readonly vectors: StateVector,
    private readonly shapes: MoveShapes,
  ) {
    this.young = this.empty();
    this.old = this.empty();
  }

  private empty(): ByParts {
    return new ByParts(this.cpus, this.vectors);
  }

  /** @param isValid whether it is about what the search rests on now */
  add({ findings, shapes, words }: Answers, helper: Told, isValid: boolean): void {
    helper.findings.push(...findings);
    for (const shape of shapes) helper.shapes.push(this.shapes.of(shape));
    if (!isValid) return;
    if (!this.helpers.includes(helper)) this.helpers.push(helper);
    const from = this.helpers.indexOf(helper);
    for (let at = 0; at < words.length; ) {
      if (this.young.size === MOST_YOUNG) this.turn();
      const [cpu = 0, number = 0, moves = 0] = words.subarray(at, at + ANSWER_HEAD);
      const { parts } = foundBy(helper, number);
      const ids = at + ANSWER_HEAD;
      const length = (parts.at(-1) ?? 0) + 1;
      if (length > this.vector.length) this.vector = new Int32Array(2 * length);
      for (let i = 0; i < parts.length; i++) this.vector[partOf(parts[i] ?? 0, this.vectors)] = words[ids + i] ?? 0;
      const changes = ids + parts.length;
      at = changes;
      for (let move = 0; move < moves; move++) at += 1 + shapeBy(helper, words[at] ?? 0).parts.length;
      const answer = [from, number, moves, ...words.subarray(changes, at)];
      this.young.add(this.vector, length, cpu, { parts }, answer.length, answer);
    }
  }

  /** What was said about a CPU in a state. */
  find(state: Int32Array, length: number, cpu: number): Answer | undefined {
    for (const book of [this.young, this.old]) {
      const entry = book.find(state, length, cpu);
      if (entry >= 0) return this.read(book.words, book.moreOf(entry, book.tagOf(entry)));
    }
    return undefined;
  }

  private read(words: Int32Array, at: number): Answer {
    const [from = 0, number = 0, moves = 0] = words.subarray(at, at + 3);
    const helper = this.helpers[from] as Told;
    let next = at + 3;
    const list = Array.from({ length: moves }, (): Move => {
      const shape = shapeBy(helper, words[next++] ?? 0);
      const move = new Move(shape, words, next);
      next += shape.parts.length;
      return move;
    });
    return { findings: foundBy(helper, number), list };
  }

  clear(): void {
    this.turn();
    this.turn();
  }

  private turn(): void {
    this.old = this.young;
    this.young = this.empty();
  }
}

function foundBy({ findings }: Told, number: number): Findings {
  const found = findings[number];
  if (found === undefined) throw new Error(`nobody told of findings ${number}`);
  return found;
}

function shapeBy({ shapes }: Told, number: number): MoveShape {
  const shape = shapes[number];
  if (shape === undefined) throw new Error(`nobody told of a move of shape ${number}`);
  return shape;
}
