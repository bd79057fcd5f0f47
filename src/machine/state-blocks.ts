import { CPU_STRIDE, LAYOUT, MAX_TASKS } from '../memory/layout.js';
import type { LinearMemory } from '../memory/linear-memory.js';
import type { Tasks } from './tasks.js';

/** The parts of linear memory that are state beside the pages: the CPUs' blocks, the budgets, tasks off their CPU. */
export class StateBlocks {
  private readonly cpus: Uint8Array;
  private readonly others: Uint8Array;

  constructor(
    linear: LinearMemory,
    cpus: number,
    private readonly tasks: Tasks,
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
    this.others.set(others);
    this.others.fill(0, others.length, this.tasks.extent);
  }
}

/** Opaque: what {@link StateBlocks.save} gives. */
export interface SavedBlocks {
  readonly cpus: Uint8Array;
  readonly others: Uint8Array;
}
