import type { Machine } from '../machine/machine.js';
import type { StateVector } from '../machine/state-vector.js';
import type { Monitors } from '../property/monitors.js';
import type { MoveSource } from './move.js';
import { MoveCache } from './move-cache.js';
import { type MoveFinder, MoveMaker } from './move-maker.js';
import { MoveShapes } from './move-shapes.js';
import { applicable } from './reduction/applicable.js';
import { Conclusions } from './reduction/conclusions.js';
import { deadFloors } from './reduction/dead-floors.js';
import { reducedMoves } from './reduction/reduced-moves.js';
import { NO_REDUCTIONS, type Reductions } from './reduction/reductions.js';
import type { Noting, Sharing } from './reduction/sharing.js';

/** A machine in the state in which a search begins, and those who watch it. */
export interface Workpiece {
  readonly machine: Machine;
  readonly monitors: Monitors;
}

export interface WorkshopOptions {
  /** Whether moves are remembered, or how many at most; without that every one is done on the machine. */
  readonly moveCache: boolean | number;
  /** Default: none. */
  readonly reductions?: Reductions | undefined;
  /** Who finds moves that are not remembered. Default: who does them on the machine. */
  readonly finder?: ((maker: MoveMaker, workshop: () => Workshop) => MoveFinder) | undefined;
  /** Who hears of the memory that is used while moves are done. Default: who concludes from it. */
  readonly noting?: (sharing: Sharing) => Noting;
}

/** Where moves are made: a machine, and all that turns its steps into moves. */
export class Workshop {
  readonly reductions: Reductions;
  readonly vector: StateVector;
  readonly conclusions: Conclusions;
  /** What its moves have in common. */
  readonly shapes = new MoveShapes();
  readonly cache: MoveCache | undefined;
  /** Single steps, and what reductions make of them. */
  readonly single: MoveSource;
  readonly source: MoveSource;
  /** Single steps that are remembered, where no reduction is on: nothing is concluded from them, and nothing left out. */
  readonly unreduced: MoveCache | undefined;

  constructor(
    readonly machine: Machine,
    readonly monitors: Monitors,
    { moveCache, reductions, finder, noting }: WorkshopOptions,
  ) {
    const may = applicable(reductions ?? NO_REDUCTIONS, machine, monitors);
    this.reductions = may.on;
    this.vector = machine.vector(may.on.has('fetch-floors') ? deadFloors(machine) : undefined);
    this.conclusions = new Conclusions(machine, this.vector, may);
    const { sharing, deadStack } = this.conclusions;
    const heard = sharing && (noting?.(sharing) ?? sharing);
    const maker = new MoveMaker(machine, monitors, this.vector, { shapes: this.shapes, sharing: heard, deadStack });
    const found = finder?.(maker, () => this) ?? maker;
    const most = moveCache === true ? undefined : moveCache;
    if (most !== false) this.cache = new MoveCache(found, machine, this.vector, most);
    this.single = this.cache ?? found;
    this.source = reducedMoves(this.single, may.on, this.conclusions);
    this.conclusions.compareWith(this.single);
    if (may.on.size === 0) this.unreduced = this.cache;
  }

  /** Bytes of memory in use: contents of parts, and moves. */
  get bytes(): number {
    return this.vector.words.bytes + (this.cache?.bytes ?? 0);
  }
}
