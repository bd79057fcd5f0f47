import type { StateVector } from '../../machine/state-vector.js';
import { ByParts } from '../by-parts.js';
import type { Move, WayStep } from '../move.js';
import type { Findings, MoveShape } from './findings.js';
import { ANSWER_HEAD, type Answers } from './messages.js';
import { partOf } from './own-part.js';

/** The moves of a CPU in a state, as a helper found them. */
export interface Answer {
  readonly findings: Findings;
  readonly list: readonly Move[];
}

/** Where an answer lies: see {@link Answers.words}. */
interface Place {
  readonly helper: Told;
  readonly words: Int32Array;
  readonly at: number;
}

/** What a helper has told so far that answers name by number. */
export interface Told {
  readonly findings: Findings[];
  readonly shapes: { readonly shape: MoveShape; readonly steps: readonly WayStep[] }[];
}

/** Answers in one half; older ones were for states that the search has passed. */
const MOST_YOUNG = 1 << 15;

/** What helpers said that may still be needed. */
export class AnswerBook {
  private young: ByParts<Place>;
  private old: ByParts<Place>;
  /** A vector with the numbers of the parts that an answer is about. */
  private vector = new Int32Array(64);

  constructor(
    private readonly cpus: number,
    private readonly vectors: StateVector,
  ) {
    this.young = this.empty();
    this.old = this.empty();
  }

  private empty(): ByParts<Place> {
    return new ByParts(this.cpus, this.vectors);
  }

  /** @param isValid whether it is about what the search rests on now */
  add({ findings, shapes, words }: Answers, helper: Told, isValid: boolean): void {
    helper.findings.push(...findings);
    for (const shape of shapes) helper.shapes.push({ shape, steps: [{ cpu: shape.step.cpu, choice: shape.choice }] });
    if (!isValid) return;
    for (let at = 0; at < words.length; ) {
      if (this.young.size === MOST_YOUNG) this.turn();
      const [cpu = 0, number = 0, moves = 0] = words.subarray(at, at + ANSWER_HEAD);
      const { parts } = foundBy(helper, number);
      const ids = at + ANSWER_HEAD;
      const length = (parts.at(-1) ?? 0) + 1;
      if (length > this.vector.length) this.vector = new Int32Array(2 * length);
      for (let i = 0; i < parts.length; i++) this.vector[partOf(parts[i] ?? 0, this.vectors)] = words[ids + i] ?? 0;
      this.young.add(this.vector, length, cpu, parts, { helper, words, at });
      at = ids + parts.length;
      for (let move = 0; move < moves; move++) at += 1 + shapeBy(helper, words[at] ?? 0).shape.parts.length;
    }
  }

  /** What was said about a CPU in a state. */
  find(state: Int32Array, length: number, cpu: number): Answer | undefined {
    const place = this.young.get(state, length, cpu) ?? this.old.get(state, length, cpu);
    return place && read(place);
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

function read({ helper, words, at }: Place): Answer {
  const findings = foundBy(helper, words[at + 1] ?? 0);
  let next = at + ANSWER_HEAD + findings.parts.length;
  const list = Array.from({ length: words[at + 2] ?? 0 }, (): Move => {
    const { shape, steps } = shapeBy(helper, words[next++] ?? 0);
    const { step, parts, fetchesCurrent, endsHandler, locality } = shape;
    const ids = parts.map(() => words[next++] ?? 0);
    return {
      step,
      steps,
      parts,
      ids,
      fetchesCurrent,
      endsHandler,
      locality,
      violation: undefined,
      unsupported: undefined,
    };
  });
  return { findings, list };
}

function foundBy({ findings }: Told, number: number): Findings {
  const found = findings[number];
  if (found === undefined) throw new Error(`nobody told of findings ${number}`);
  return found;
}

function shapeBy({ shapes }: Told, number: number): Told['shapes'][number] {
  const shape = shapes[number];
  if (shape === undefined) throw new Error(`nobody told of a move of shape ${number}`);
  return shape;
}
