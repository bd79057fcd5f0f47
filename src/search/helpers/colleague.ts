import type { ContentsMark } from '../../machine/vector-contents.js';
import { experienceOf } from '../experience.js';
import type { Workshop } from '../workshop.js';
import type { AnswerBook, Told } from './answer-book.js';
import { type HelperPort, QUESTION_HEAD } from './messages.js';

const NOTHING: ContentsMark = { words: 0, fetches: 0, observers: 0 };

/** A helper as the search knows it: what each has told the other. */
export class Colleague {
  private readonly told: Told = { findings: [], shapes: [] };
  private mark = NOTHING;
  private version = -1;
  private questions: number[] = [];
  private length = 0;

  constructor(private readonly port: HelperPort) {}

  /** Notes a question for the next {@link ask}: the moves of a CPU in a state. */
  note(state: number, cpu: number, vector: Int32Array, length: number): void {
    const { questions } = this;
    this.length = QUESTION_HEAD + length;
    questions.push(state, cpu);
    for (let part = 0; part < length; part++) questions.push(vector[part] ?? 0);
  }

  /** Asks, and tells whatever is needed to understand it. */
  ask(workshop: Workshop, version: number): void {
    if (this.questions.length === 0) return;
    const { vector, conclusions } = workshop;
    const basis =
      version === this.version
        ? undefined
        : { experience: experienceOf(workshop), conclusions: { ...conclusions.save(), symmetryCheck: undefined } };
    const { questions, length } = this;
    this.port.post({
      version,
      basis,
      contents: vector.since(this.mark),
      questions: Int32Array.from(questions),
      length,
    });
    this.version = version;
    this.mark = vector.mark;
    this.questions = [];
  }

  /** Writes down what came, if it rests on a version of the basis. */
  listen(version: number, book: AnswerBook): void {
    for (let answers = this.port.take(); answers !== undefined; answers = this.port.take())
      book.add(answers, this.told, answers.version === version);
  }
}
