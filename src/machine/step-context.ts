import type { CpuState } from '../cpu/cpu-state.js';
import type { Contexts } from './contexts.js';
import type { MachineEvent } from './event.js';
import type { Holdouts } from './quiescent-states.js';

/** A local of a procedure: 64 bits, kept in the machine's state. */
export type Local = number;

/** What the machine lets the step of a procedure do. */
export interface StepHost {
  readonly cpuCount: number;
  /** A CPU's registers. */
  state(cpu: number): CpuState;
  /** Reads and writes data of the simulated kernel. */
  load(address: bigint, size: number): bigint;
  store(address: bigint, size: number, value: bigint): void;
  /** Stores bytes to text through an alias of the page, as one event. */
  storeText(cpu: number, address: bigint, bytes: Uint8Array): void;
  /** The current bytes of text. */
  text(address: bigint, length: number): Uint8Array;
  symbol(name: string): bigint;
  /** Who a grace period that begins now has to wait for, as bits: see `holdoutsNow`. */
  holdouts(cpu: number, of: Holdouts): bigint;
  setPending(cpu: number, vector: number): void;
  /** A serialising event on a CPU. */
  serialize(cpu: number): void;
  /** Returns from the top context's interrupt through the frame at RSP. */
  interruptReturn(cpu: number): void;
  /** Stops the CPU for good: the kernel would die here. */
  stop(cpu: number, reason: string): void;
  emit(event: MachineEvent): void;
}

/** What a procedure's step sees: its locals, its CPU, and the machine around. */
export class StepContext {
  constructor(
    readonly host: StepHost,
    readonly cpu: number,
    private readonly contexts: Contexts,
  ) {}

  /** The CPU that executes the procedure. */
  get state(): CpuState {
    return this.host.state(this.cpu);
  }

  get(local: Local): bigint {
    return this.contexts.local(local);
  }

  set(local: Local, value: bigint): void {
    this.contexts.setLocal(local, BigInt.asUintN(64, value));
  }

  /** What the current step keeps between its repetitions; 0 when it begins. */
  get scratch(): bigint {
    return this.contexts.scratch;
  }

  set scratch(value: bigint) {
    this.contexts.scratch = value;
  }

  /** READ_ONCE and WRITE_ONCE of 64 bits, or of fewer bytes. */
  load(address: bigint, size = 8): bigint {
    return this.host.load(address, size);
  }

  store(address: bigint, value: bigint, size = 8): void {
    this.host.store(address, size, value);
  }

  symbol(name: string): bigint {
    return this.host.symbol(name);
  }
}
