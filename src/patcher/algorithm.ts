import type { GprName } from '../cpu/cells.js';
import type { IdtEntry } from '../machine/delivery.js';
import type { Patch } from '../machine/patch.js';
import type { Procedure } from '../machine/procedure.js';
import type { GracePeriodWords } from '../machine/quiescent-states.js';
import type { Goal } from './goals.js';
import type { KernelData } from './kernel-data.js';
import type { PokeOrder } from './poke-bytes.js';
import type { SyncCore } from './sync-core.js';

/** Memory from `address` on. */
export interface MemoryRange {
  readonly address: bigint;
  /** Bytes. */
  readonly size: number;
}

/** Memory that is used again; of data that code reads, also where that code lies: see `ReusedRange`. */
export interface UsedRange extends MemoryRange {
  readonly usedBy?: MemoryRange;
}

/** What an algorithm is built from. */
export interface PatchEnvironment {
  readonly data: KernelData;
  readonly cpus: number;
  readonly sync: SyncCore;
  /** Every patch that the scenario asks for, by index. */
  readonly patches: readonly Patch[];
  readonly order: PokeOrder;
  /** The profile's store boundary: see `storeBytes`. Default: 64. */
  readonly storeBoundary?: number;
  /** Text that the scenario reserves for code that is generated, by name. Default: none. */
  readonly reserved?: ReadonlyMap<string, MemoryRange>;
  /** The text regions of the scenario that have a name. Default: none. */
  readonly text?: ReadonlyMap<string, MemoryRange>;
  /** Whether CPUs have a shadow stack, which a handler that emulates calls has to keep up. Default: no. */
  readonly shadowStack?: boolean;
  /** The registers that may be changed at a site, by the site's symbol. Default: none at any. */
  readonly clobbers?: ReadonlyMap<string, ReadonlySet<GprName>>;
}

/** What an algorithm gives the machine. */
export interface InstalledAlgorithm {
  /** Applies one patch, or several as a batch. Arguments: index of the first patch, how many. */
  readonly apply: Procedure;
  /** Handlers that it needs in the IDT. */
  readonly idt: ReadonlyMap<number, IdtEntry>;
  /** What a run must have reached for a verdict not to be vacuous. */
  readonly goals: readonly Goal[];
  /** Ranges of memory that are used again, by name, for the property no-use-after-reuse. */
  readonly ranges: ReadonlyMap<string, UsedRange>;
  /** Text, by name, that belongs to a pass through a site: the property site-effect looks at a context once it is out of it. */
  readonly detours?: ReadonlyMap<string, MemoryRange>;
  /** Where its grace periods keep whom they wait for; absent when it waits for none. */
  readonly gracePeriods?: GracePeriodWords;
}

/** A way of changing text while CPUs execute it. */
export interface Algorithm {
  /** Its name in scenarios. */
  readonly name: string;
  readonly title: string;
  /**
   * Refuses a patch that it cannot apply.
   * @throws {@link InputError} that says why.
   */
  readonly require?: (patch: Patch) => void;
  install(environment: PatchEnvironment): InstalledAlgorithm;
}
