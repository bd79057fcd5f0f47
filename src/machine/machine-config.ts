import type { FetchRule } from '../cpu/fetch.js';
import type { Memory } from '../memory/memory.js';
import type { IdtEntry } from './delivery.js';
import type { Procedure } from './procedure.js';

/** What a machine is made of; memory is mapped and filled already. */
export interface MachineConfig {
  readonly memory: Memory;
  readonly cpus: number;
  readonly backend?: 'wasm' | 'bigint';
  readonly fetch?: FetchRule;
  readonly idt?: ReadonlyMap<number, IdtEntry>;
  readonly symbols?: ReadonlyMap<string, bigint>;
  /** Procedures that tasks run; those of the IDT are known anyway. */
  readonly procedures?: readonly Procedure[];
}
