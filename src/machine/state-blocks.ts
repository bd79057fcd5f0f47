import { CELL, KNOWN } from '../cpu/cells.js';
import { CPU_STRIDE, LAYOUT, MAX_TASKS } from '../memory/layout.js';
import type { LinearMemory } from '../memory/linear-memory.js';
import type { Budgets } from './budgets.js';
import type { Tasks } from './tasks.js';

/** The parts of linear memory that are state beside the pages: the CPUs' blocks, the budgets, tasks off their CPU. */
export class StateBlocks {
  private readonly cpus: Uint8Array;
  private readonly others: Uint8Array;

  constructor(
    linear: LinearMemory,
    cpus: number,
    private readonly tasks: Tasks,
    private readonly budgets: Budgets,
  ) {
    this.cpus = linear.u8.subarray(LAYOUT.cpu, LAYOUT.cpu + cpus * CPU_STRIDE);
    this.others = linear.u8.subarray(LAYOUT.machine, LAYOUT.tasks + MAX_TASKS * CPU_STRIDE);
  }

  /** @param reuse blocks that are not needed any more: their array is used again. */
  save(reuse?: SavedBlocks): SavedBlocks {
    const cpus = reuse?.cpus ?? new Uint8Array(this.cpus.length);
    cpus.set(this.cpus);
    const extent = this.tasks.extent;
    const others = reuse?.others.length === extent ? reuse.others : new Uint8Array(extent);
    others.set(extent === this.others.length ? this.others : this.others.subarray(0, extent));
    return { cpus, others };
  }

  restore({ cpus, others }: SavedBlocks): void {
    this.cpus.set(cpus);
    for (let known = CELL.known; known < cpus.length; known += CPU_STRIDE)
      this.cpus[known] = (this.cpus[known] ?? 0) & ~KNOWN.number;
    this.others.set(others);
    this.others.fill(0, others.length, this.tasks.extent);
    this.tasks.changed = true;
  }

  /** Whether tasks or budgets changed since this was last set to false. */
  get changed(): boolean {
    return this.tasks.changed || this.budgets.changed;
  }

  set changed(is: boolean) {
    this.tasks.changed = is;
    this.budgets.changed = is;
  }

  /** How many bytes from `LAYOUT.machine` on may differ from 0. */
  get othersExtent(): number {
    return this.tasks.extent;
  }
}

/** Opaque: what {@link StateBlocks.save} gives. */
export interface SavedBlocks {
  readonly cpus: Uint8Array;
  readonly others: Uint8Array;
}
