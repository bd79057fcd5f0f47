import type { Machine } from '../../machine/machine.js';
import type { StateVector } from '../../machine/state-vector.js';
import type { Move, MoveSource, Moves } from '../move.js';
import { firstStuck } from '../progress.js';
import type { Search } from '../search.js';
import { type Applicable, hasInterrupts } from './applicable.js';
import { DeadStack } from './dead-stack.js';
import { type IdleOptions, spendsInterrupt } from './idle-interrupts.js';
import type { AppliedReductions, Reduction } from './reductions.js';
import { Sharing } from './sharing.js';
import { Symmetry } from './symmetry.js';
import { type SavedSymmetryCheck, SymmetryCheck } from './symmetry-check.js';

/** What {@link Conclusions.save} gives. */
export interface SavedConclusions {
  readonly sharing: readonly (readonly number[])[] | undefined;
  readonly readsDeadStack: boolean;
  readonly ownLines: number;
  readonly symmetryCheck: SavedSymmetryCheck | undefined;
  readonly unused: readonly (readonly [Reduction, string])[];
}

/** Reductions that show in what lies below RSP. */
const BELOW_RSP: readonly Reduction[] = ['dead-stack', 'interrupt-points', 'idle-interrupts'];

/**
 * What reductions rest on that is found out while the search goes on: when something turns out to be otherwise, the
 * search begins anew with what is known then.
 */
export class Conclusions {
  /** Who uses which memory; known where steps are fused, or interrupts are left out. */
  readonly sharing: Sharing | undefined;
  readonly deadStack: DeadStack | undefined;
  /** Which states are represented by which; absent where no two CPUs are alike. */
  symmetry: Symmetry | undefined;
  private symmetryCheck: SymmetryCheck | undefined;
  /** Whether interrupts wait for the end of local steps. */
  defers: boolean;
  /** What NMIs and machine checks that change nothing are left out of; absent where there are none. */
  readonly idle: IdleOptions | undefined;
  private leavesOutIdle: boolean;
  private readonly unused: Map<Reduction, string>;
  private readonly on: readonly Reduction[];

  constructor(
    private readonly machine: Machine,
    vector: StateVector,
    { on, unused, group }: Applicable,
  ) {
    this.on = [...on, ...unused.keys()];
    this.unused = new Map(unused);
    if (on.has('symmetry') && group.length > 1) this.symmetry = new Symmetry(machine, vector, group);
    this.defers = on.has('interrupt-points');
    this.leavesOutIdle = on.has('idle-interrupts') && hasInterrupts(machine);
    if (on.has('dead-stack') || this.defers || this.leavesOutIdle)
      this.deadStack = new DeadStack(machine, on.has('dead-stack'));
    if (!on.has('fusion') && !this.leavesOutIdle) return;
    const sharing = new Sharing(on.has('race-freedom'), (owner, word) => this.symmetry?.imagesOf(owner, word));
    this.sharing = sharing;
    if (this.leavesOutIdle) this.idle = { machine, vector, sharing, leavesOut: () => this.leavesOutIdle };
  }

  /** From now on moves are compared with those of renamed CPUs. */
  compareWith(source: MoveSource): void {
    if (this.symmetry !== undefined) this.symmetryCheck = new SymmetryCheck(this.symmetry, source, this.machine);
  }

  /** Looks at a state and the moves of each CPU there. */
  look(state: Int32Array, length: number, moves: readonly Moves[]): void {
    this.sharing?.meet(moves);
    this.symmetryCheck?.look(state, length);
  }

  /** Something is not as it was concluded. */
  get areWrong(): boolean {
    return (
      this.sharing?.isBroken === true || this.deadStack?.hasToStop === true || this.symmetryCheck?.found !== undefined
    );
  }

  /** @returns whether moves that were done so far would be others now */
  beginAnew(): boolean {
    this.sharing?.beginAnew();
    const found = this.symmetryCheck?.found;
    if (found !== undefined) {
      this.unused.set('symmetry', found);
      this.dropSymmetry();
    }
    if (this.deadStack?.hasToStop !== true) return false;
    this.leaveDeadStack();
    for (const name of BELOW_RSP) {
      if (name === 'idle-interrupts' && this.idle === undefined) continue;
      if (this.on.includes(name) && !this.unused.has(name)) this.unused.set(name, 'something reads below RSP');
    }
    return true;
  }

  /** Whether `progress` may count on a move of a state: not on an NMI, if another one like it may have been left out. */
  isWay(move: Move, state: Int32Array): boolean {
    return this.idle === undefined || !this.leavesOutIdle || !spendsInterrupt(move, state, this.idle);
  }

  /**
   * Whether all holds once everything was looked at: an NMI that was left out may have been the last one, and the only way
   * on from where a CPU came to later. So there has to be a way without any.
   */
  holdAtEnd(search: Search): boolean {
    if (!this.leavesOutIdle || search.frontier.isNarrowed || firstStuck(search) === undefined) return true;
    this.leavesOutIdle = false;
    this.unused.set('idle-interrupts', 'something may go on by such an interrupt alone');
    return false;
  }

  save(): SavedConclusions {
    const { sharing, deadStack, symmetry, symmetryCheck } = this;
    return {
      sharing: sharing?.save(),
      readsDeadStack: deadStack?.isOff === true,
      ownLines: symmetry?.states.lines.save() ?? 0,
      symmetryCheck: symmetryCheck?.save(),
      unused: [...this.unused],
    };
  }

  load({ sharing, readsDeadStack, ownLines, symmetryCheck, unused }: SavedConclusions): void {
    for (const [reduction, why] of unused) this.unused.set(reduction, why);
    if (this.unused.has('symmetry')) this.dropSymmetry();
    if (this.unused.has('idle-interrupts')) this.leavesOutIdle = false;
    this.sharing?.load(sharing ?? []);
    if (readsDeadStack) this.leaveDeadStack();
    this.symmetry?.states.lines.load(ownLines);
    if (symmetryCheck !== undefined) this.symmetryCheck?.load(symmetryCheck);
  }

  /** Something depends on what lies below RSP. */
  private leaveDeadStack(): void {
    if (this.deadStack !== undefined) this.deadStack.isOff = true;
    this.defers = false;
    this.leavesOutIdle = false;
  }

  private dropSymmetry(): void {
    this.symmetry = undefined;
    this.symmetryCheck = undefined;
  }

  /** The reductions of the search, and which of them are not used. */
  get applied(): AppliedReductions {
    return { on: this.on, unused: this.unused };
  }
}
