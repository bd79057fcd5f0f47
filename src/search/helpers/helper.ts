import type { VectorContents } from '../../machine/vector-contents.js';
import type { MoveShape } from '../move.js';
import type { Locality } from '../reduction/locality.js';
import type { Reductions } from '../reduction/reductions.js';
import type { Workpiece } from '../workshop.js';
import type { Findings } from './findings.js';
import { type Answers, type Basis, QUESTION_HEAD, type Request } from './messages.js';
import { News, NumberedObjects } from './news.js';
import { type Solved, Solver } from './solver.js';

/**
 * Finds moves that a search is going to need, somewhere else at the same time. What it says is what the search would find
 * itself: it keeps silent about everything that the search has not met yet (docs/soundness/jobs.md).
 */
export class Helper {
  private readonly contents: VectorContents[] = [];
  private basis: Basis | undefined;
  private solver: Solver | undefined;
  private readonly findings = new News<Findings>();
  private readonly shapes = new News<MoveShape>();
  private readonly localities = new NumberedObjects<Locality>();

  /**
   * @param build makes the machine that the search began with
   * @param looked how many states the search has looked at so far, as somebody else keeps it
   * @param tooLate the search is at a state before it hears of an answer if it is as near as that
   */
  constructor(
    private readonly build: () => Workpiece,
    private readonly reductions: Reductions,
    private readonly looked: Int32Array,
    private readonly tooLate = TOO_LATE,
  ) {}

  answer({ version, basis, contents, questions, length }: Request): Answers {
    this.contents.push(contents);
    if (basis === undefined) this.solver?.dictionary.learn(contents);
    else {
      this.basis = basis;
      this.solver = undefined;
    }
    const words: number[] = [];
    for (let at = 0; at < questions.length; at += length) {
      const [state = 0, cpu = 0] = questions.subarray(at, at + QUESTION_HEAD);
      if (state < Atomics.load(this.looked, 0) + this.tooLate) continue;
      const solver = this.solverNow();
      const vector = questions.slice(at + QUESTION_HEAD, at + length);
      for (let part = 0; part < vector.length; part++) vector[part] = solver.dictionary.ownOf(part, vector[part] ?? 0);
      const solved = solver.solve(vector, cpu);
      if (solver.hasLearned) {
        // Nothing is ever unlearned.
        this.solver = undefined;
        break;
      }
      for (const each of solved) this.tell(solver, each, words);
    }
    return {
      version,
      findings: this.findings.take(),
      shapes: this.shapes.take(),
      words: Int32Array.from(words),
    };
  }

  private solverNow(): Solver {
    if (this.solver !== undefined) return this.solver;
    if (this.basis === undefined) throw new Error('no basis to work on');
    this.solver = new Solver(this.build(), this.reductions, this.basis);
    for (const contents of this.contents) this.solver.dictionary.learn(contents);
    return this.solver;
  }

  /** JSON knows no addresses, so that localities are told apart by themselves: a shape that is told twice does no harm. */
  private keyOf({ locality, ...shape }: MoveShape): string {
    return `${JSON.stringify(shape)} ${locality === undefined ? '' : this.localities.numberOf(locality)}`;
  }

  /** Adds an answer, if the search knows all that is in it. */
  private tell({ dictionary }: Solver, { cpu, moves, findings, ids }: Solved, words: number[]): void {
    const { parts } = findings;
    const others: number[] = [];
    for (let i = 0; i < parts.length; i++) {
      const other = dictionary.otherOf(parts[i] ?? 0, ids[i] ?? 0);
      if (other === undefined) return;
      others.push(other);
    }
    const changes: number[] = [];
    for (const move of moves.list) {
      if (move.violation !== undefined || move.unsupported !== undefined) return;
      const { shape } = move;
      changes.push(this.shapes.numberOf(shape, this.keyOf(shape)));
      for (let i = 0; i < move.parts.length; i++) {
        const other = dictionary.otherOf(move.parts[i] ?? 0, move.idAt(i));
        if (other === undefined) return;
        changes.push(other);
      }
    }
    words.push(
      cpu,
      this.findings.numberOf(findings, JSON.stringify(findings)),
      moves.list.length,
      ...others,
      ...changes,
    );
  }
}

/** As the search asks for so many states at a time, and is told of them together. */
const TOO_LATE = 192;
