import type { Footprint } from '../../memory/footprint.js';
import { extentOf, share } from '../experience.js';
import type { Moves } from '../move.js';
import type { MoveFinder } from '../move-maker.js';
import type { Reductions } from '../reduction/reductions.js';
import { type Workpiece, Workshop } from '../workshop.js';
import { Dictionary } from './dictionary.js';
import { type Findings, findingsOf } from './findings.js';
import type { Basis } from './messages.js';
import { NotedUses } from './noted-uses.js';

/** The moves of a CPU in a state, and what else was found out about them, in the numbers of the solver. */
export interface Solved {
  readonly state: Int32Array;
  readonly cpu: number;
  readonly moves: Moves;
  readonly findings: Findings;
}

/** Moves that are remembered: a helper is asked again for what it was asked for lately. */
const MOST_REMEMBERED = 1 << 16;

/** Does moves of a search that rests on a certain basis, on a machine of its own. */
export class Solver {
  readonly dictionary: Dictionary;
  private readonly workshop: Workshop;
  /** How many numbers of vectors there are. */
  readonly length: number;
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
      finder: (maker) => this.writingDown(maker),
    });
    share(experience, this.workshop);
    this.workshop.vector.read();
    this.workshop.conclusions.load(conclusions);
    this.dictionary = new Dictionary(this.workshop.vector);
    this.length = this.workshop.vector.length;
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

  private writingDown(finder: MoveFinder): MoveFinder {
    return {
      moves: (state: Int32Array, length: number, cpu: number, footprint?: Footprint): Moves => {
        const moves = finder.moves(state, length, cpu, footprint);
        const noted = this.noted?.take();
        // What is remembered and only checked has no footprint.
        if (footprint !== undefined)
          this.solved.push({
            state: state.slice(0, length),
            cpu,
            moves,
            findings: findingsOf(moves, footprint, noted),
          });
        return moves;
      },
    };
  }
}
