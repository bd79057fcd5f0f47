import { extentOf, share } from '../experience.js';
import type { Moves } from '../move.js';
import type { LearnedMoves } from '../move-cache.js';
import type { MoveFinder } from '../move-maker.js';
import type { Reductions } from '../reduction/reductions.js';
import { type Workpiece, Workshop } from '../workshop.js';
import { Dictionary } from './dictionary.js';
import { type Findings, findingsOf } from './findings.js';
import type { Basis } from './messages.js';
import { NotedUses } from './noted-uses.js';
import { partOf } from './own-part.js';

/** What had to be done on the machine: the moves of a CPU in a state, in the numbers of the solver. */
export interface Solved {
  readonly cpu: number;
  readonly moves: Moves;
  readonly findings: Findings;
  /** The numbers of the parts that the findings name. */
  readonly ids: readonly number[];
}

/** Moves that are remembered: a helper is asked again for what it was asked for lately. */
const MOST_REMEMBERED = 1 << 16;

/** Does moves of a search that rests on a certain basis, on a machine of its own. */
export class Solver {
  readonly dictionary: Dictionary;
  private readonly workshop: Workshop;
  private readonly extent: number;
  private noted: NotedUses | undefined;
  private solved: Solved[] = [];

  /** @param piece as it was when the search began */
  constructor({ machine, monitors }: Workpiece, reductions: Reductions, { experience, conclusions }: Basis) {
    this.workshop = new Workshop(machine, monitors, {
      moveCache: MOST_REMEMBERED,
      reductions,
      noting: (sharing) => {
        this.noted = new NotedUses(sharing);
        return this.noted;
      },
      finder: (maker) => this.listening(maker),
    });
    if (this.workshop.cache !== undefined) this.workshop.cache.onLearned = (learned) => this.write(learned);
    share(experience, this.workshop);
    this.workshop.vector.read();
    this.workshop.conclusions.load(conclusions);
    this.dictionary = new Dictionary(this.workshop.vector);
    this.extent = extentOf(this.workshop);
  }

  /**
   * Finds the moves of a CPU in a state.
   * @returns what had to be done on the machine for that, which others may come to as well
   */
  solve(state: Int32Array, cpu: number): readonly Solved[] {
    this.solved = [];
    this.workshop.source.moves(state, state.length, cpu);
    return this.solved;
  }

  /** It has learned something that the search may not know: what it finds now may be something else. */
  get hasLearned(): boolean {
    return extentOf(this.workshop) !== this.extent || this.workshop.conclusions.deadStack?.hasToStop === true;
  }

  /** What was noted when something remembered was checked is no news. */
  private listening(finder: MoveFinder): MoveFinder {
    return {
      moves: (...asked): Moves => {
        this.noted?.take();
        return finder.moves(...asked);
      },
    };
  }

  private write(learned: LearnedMoves): void {
    const { state, length, cpu, moves, parts } = learned;
    const { vector } = this.workshop;
    const ids = parts.map((each) => {
      const part = partOf(each, vector);
      return part < length ? (state[part] ?? 0) : 0;
    });
    this.solved.push({ cpu, moves, findings: findingsOf(learned, this.noted?.take()), ids });
  }
}
