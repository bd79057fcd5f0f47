import type { MachineEvent } from '../machine/event.js';
import type { Machine } from '../machine/machine.js';
import type { Executing } from '../machine/observer.js';
import type { Renaming } from '../machine/renaming.js';
import type { Finding } from './violation.js';

/** Watches a machine for one property. Its state, if it has any, is immutable data. */
export interface Monitor {
  /** The property's name, as scenarios write it. */
  readonly property: string;
  /** It hears of every instruction, not only of those in watched ranges. */
  readonly everyInstruction?: true;
  /** Before a CPU executes an instruction in or near a watched range. */
  before?(cpu: number, machine: Machine): void;
  observe?(event: MachineEvent, machine: Machine): Finding | undefined;
  /** After every step. */
  after?(cpu: number, machine: Machine): Finding | undefined;
  save?(): unknown;
  restore?(state: unknown): void;
  /** A state that {@link save} gave, with CPUs renamed. Default: it names none. */
  renamed?(state: unknown, renaming: Renaming): unknown;
  /**
   * What of a state concerns who executes. It looks at the rest only in steps of which it says so
   * ({@link Footprint.observedOthers}), and in those that change its state. Default: all.
   */
  concerning?(state: unknown, who: Executing): unknown;

  /** What it has learned in any execution and is no state, as plain data: it only grows. */
  learned?(): readonly unknown[];
  /** Takes over what one like it has learned. */
  learn?(what: readonly unknown[], machine: Machine): void;
}

/** Bytes as the manuals print them. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** An address as the kernel prints it. */
export function hexAddress(address: bigint): string {
  return `0x${address.toString(16)}`;
}
