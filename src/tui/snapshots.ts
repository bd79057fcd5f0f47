import type { Machine } from '../machine/machine.js';
import type { MachineSnapshot } from '../machine/machine-snapshot.js';

/** Steps between two snapshots, as long as there are few. */
const EVERY = 64;
/** The most snapshots. With more steps there are as many, further apart. */
const MOST = 1024;

/** Snapshots of a machine at regular positions, so that any position is near one. */
export class Snapshots {
  /** The n-th is of the position n * every. */
  private taken: MachineSnapshot[];

  /**
   * @param machine at position 0
   * @param every steps between two snapshots, as long as there are fewer than `most`
   */
  constructor(
    private readonly machine: Machine,
    private every = EVERY,
    private readonly most = MOST,
  ) {
    this.taken = [machine.save()];
  }

  /** Takes a snapshot of the machine at a position, if one is due there. Positions come in order. */
  take(position: number): void {
    if (position !== this.taken.length * this.every) return;
    this.taken.push(this.machine.save());
    if (this.taken.length < this.most) return;
    this.taken = this.taken.filter((_, index) => index % 2 === 0);
    this.every *= 2;
  }

  /** The last position at or before another one of which there is a snapshot. */
  nearest(position: number): number {
    return Math.min(Math.floor(position / this.every), this.taken.length - 1) * this.every;
  }

  /** Puts the machine into the state of a position that {@link nearest} gave. */
  restore(position: number): void {
    const snapshot = this.taken[position / this.every];
    if (snapshot === undefined) throw new Error(`no snapshot of position ${position}`);
    this.machine.restore(snapshot);
  }

  /** Forgets what lies behind a position. */
  cut(position: number): void {
    this.taken.length = Math.min(this.taken.length, Math.floor(position / this.every) + 1);
  }
}
