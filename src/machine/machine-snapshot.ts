import type { UnitFloors } from '../cpu/stale-fetch.js';
import type { MemorySnapshot } from '../memory/memory.js';
import type { Stop } from './delivery.js';
import type { SavedBlocks } from './state-blocks.js';

/** Opaque: what `Machine.save` gives. */
export interface MachineSnapshot {
  readonly blocks: SavedBlocks;
  readonly memory: MemorySnapshot;
  readonly steps: number;
  readonly stopped: Stop | undefined;
  readonly unitFloors: readonly UnitFloors[] | undefined;
  readonly observers: readonly (readonly unknown[])[];
}
