import type { MemorySnapshot } from '../memory/memory.js';
import type { Stop } from './delivery.js';

/** Opaque: what `Machine.save` gives. */
export interface MachineSnapshot {
  readonly blocks: Uint8Array;
  readonly others: Uint8Array;
  readonly memory: MemorySnapshot;
  readonly steps: number;
  readonly stopped: Stop | undefined;
  readonly fetch: unknown;
  readonly observers: readonly unknown[];
}
