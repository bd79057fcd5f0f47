import type { MachineEvent } from '../machine/event.js';

/** A property did not hold. */
export interface Violation {
  /** The property's name, as scenarios write it. */
  readonly property: string;
  readonly cpu: number;
  /** The step in which it happened, counting from 1. */
  readonly step: number;
  /** The address and the bytes in question. */
  readonly address: bigint;
  readonly bytes: Uint8Array;
  /** What happened, in a sentence. */
  readonly message: string;
  /** The events that led there, oldest first. */
  readonly events: readonly MachineEvent[];
}

/** What a monitor says of a violation; who collects it adds step and events. */
export type Finding = Pick<Violation, 'cpu' | 'address' | 'bytes' | 'message'>;
