import { hashWords } from '../../memory/word-hash.js';
import type { Move, WayStep } from '../move.js';
import type { Findings, MoveShape } from './findings.js';
import { ANSWER_HEAD, type Answers } from './messages.js';

/** The moves of a CPU in a state, as a helper found them. */
export interface Answer {
  readonly findings: Findings;
  readonly list: readonly Move[];
}

/** Where an answer lies: see {@link Answers.words}. */
interface Place {
  readonly helper: Told;
  readonly answers: Answers;
  readonly at: number;
}

/** What a helper has told so far that answers name by number. */
export interface Told {
  readonly findings: Findings[];
  readonly shapes: { readonly shape: MoveShape; readonly steps: readonly WayStep[] }[];
}

/** Answers that are kept; older ones were for states that the search has passed. */
const MOST_KEPT = 1 << 15;

/** What helpers said that may still be needed, by CPU and vector. */
export class AnswerBook {
  private young = new Map<number, Place>();
  private old = new Map<number, Place>();

  /** @param isValid whether it is about what the search rests on now */
  add(answers: Answers, helper: Told, isValid: boolean): void {
    helper.findings.push(...answers.findings);
    for (const shape of answers.shapes)
      helper.shapes.push({ shape, steps: [{ cpu: shape.step.cpu, choice: shape.choice }] });
    if (!isValid) return;
    const { words, length } = answers;
    for (let at = 0; at < words.length; ) {
      const vector = at + ANSWER_HEAD;
      const key = keyOf(words.subarray(vector, vector + length), length, words[at] ?? 0);
      if (this.young.size === MOST_KEPT) this.turn();
      this.young.set(key, { helper, answers, at });
      const moves = words[at + 2] ?? 0;
      at = vector + length;
      for (let move = 0; move < moves; move++) at += 1 + (helper.shapes[words[at] ?? 0]?.shape.parts.length ?? 0);
    }
  }

  /** What was said about a CPU in a state, once. */
  take(state: Int32Array, length: number, cpu: number): Answer | undefined {
    const key = keyOf(state, length, cpu);
    const place = this.young.get(key) ?? this.old.get(key);
    if (place === undefined || !isAbout(place, state, length, cpu)) return undefined;
    this.young.delete(key);
    this.old.delete(key);
    return read(place);
  }

  clear(): void {
    this.turn();
    this.turn();
  }

  private turn(): void {
    this.old = this.young;
    this.young = new Map();
  }
}

function read({ helper, answers: { words, length }, at }: Place): Answer {
  const findings = helper.findings[words[at + 1] ?? 0];
  if (findings === undefined) throw new Error('an answer without findings');
  let next = at + ANSWER_HEAD + length;
  const list = Array.from({ length: words[at + 2] ?? 0 }, (): Move => {
    const told = helper.shapes[words[next++] ?? 0];
    if (told === undefined) throw new Error('an answer with a move of no shape');
    const { step, parts, fetchesCurrent, endsHandler, locality } = told.shape;
    const ids = parts.map(() => words[next++] ?? 0);
    const { steps } = told;
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

function isAbout(
  { answers: { words, length: all }, at }: Place,
  state: Int32Array,
  length: number,
  cpu: number,
): boolean {
  if (words[at] !== cpu) return false;
  for (let part = 0; part < Math.max(all, length); part++) {
    const known = part < all ? words[at + ANSWER_HEAD + part] : 0;
    if (known !== (part < length ? state[part] : 0)) return false;
  }
  return true;
}

/** Vectors that differ in zeros at their end are the same. */
function keyOf(state: Int32Array, length: number, cpu: number): number {
  let end = length;
  while (end > 0 && state[end - 1] === 0) end--;
  return hashWords(state, end) * 8 + cpu;
}
