import type { CpuState } from '../cpu/cpu-state.js';
import type { DataAccess } from '../cpu/interpreter.js';
import { type CpuNaming, NAMES_NO_CPU } from './cpu-naming.js';
import type { Delivery } from './delivery.js';
import type { MachineEvent } from './event.js';
import type { Machine } from './machine.js';
import type { MachineConfig } from './machine-config.js';
import { type Holdouts, holdoutsNow, QuiescentStates } from './quiescent-states.js';
import type { StepHost } from './step-context.js';

/** What the steps of procedures can do to a machine: the simulated kernel's way to memory, interrupts and CPUs. */
export class KernelHost implements StepHost {
  /** What the procedure step that was last applied accessed. */
  accesses: DataAccess[] = [];
  /** Whether the step that was last applied looked at what other CPUs are doing. */
  lookedAround = false;
  /** Whether an observer of that step looked at what lies below RSP. */
  observedBelowRsp = false;
  /** Whether a step is being done, not asked whether it can be. */
  recording = false;
  /** The CPU whose step is being applied. */
  acting = 0;

  /** Where procedures tell CPUs apart. */
  readonly naming: CpuNaming;
  /** Absent where nobody waits for a grace period. */
  readonly quiescent: QuiescentStates | undefined;

  constructor(
    private readonly machine: Machine,
    private readonly delivery: Delivery,
    private readonly config: Pick<MachineConfig, 'symbols' | 'onKernelEntry' | 'gracePeriods' | 'naming'>,
  ) {
    const { gracePeriods, naming = NAMES_NO_CPU } = config;
    this.naming = naming;
    if (gracePeriods !== undefined) this.quiescent = new QuiescentStates(machine, gracePeriods);
  }

  /** A step of a CPU is about to be applied. */
  begin(cpu: number): void {
    this.acting = cpu;
    this.accesses = [];
    this.lookedAround = false;
    this.observedBelowRsp = false;
  }

  get cpuCount(): number {
    return this.machine.cpuCount;
  }

  state(cpu: number): CpuState {
    return this.machine.state(cpu);
  }

  load(address: bigint, size: number): bigint {
    if (this.recording) this.accesses.push({ address, size, kind: 'read' });
    return this.machine.memory.read(address, size);
  }

  store(address: bigint, size: number, value: bigint): void {
    if (this.recording) this.accesses.push({ address, size, kind: 'write' });
    this.machine.memory.write(address, size, value);
  }

  storeText(cpu: number, address: bigint, bytes: Uint8Array): void {
    this.acting = cpu;
    this.machine.memory.storeBytes(address, bytes);
  }

  text(address: bigint, length: number): Uint8Array {
    return this.machine.memory.bytes(address, length);
  }

  symbol(name: string): bigint {
    const address = this.config.symbols?.get(name);
    if (address === undefined) throw new Error(`no symbol ${name}`);
    return address;
  }

  /** Grace periods and deferred syncs look at what CPUs are doing, and hear of it. */
  get asksWhatCpusDo(): boolean {
    return this.quiescent !== undefined || this.config.onKernelEntry !== undefined;
  }

  /** A CPU executes entry code. */
  enteredKernel(cpu: number): void {
    this.config.onKernelEntry?.(this, cpu);
  }

  holdouts(cpu: number, of: Holdouts): bigint {
    this.lookedAround = true;
    return holdoutsNow(this.machine, cpu, of);
  }

  setPending(cpu: number, vector: number): void {
    this.machine.setPending(cpu, vector);
  }

  serialize(cpu: number): void {
    this.machine.serialize(cpu);
  }

  interruptReturn(cpu: number): void {
    this.delivery.interruptReturn(cpu);
  }

  stop(cpu: number, reason: string): void {
    this.delivery.die(cpu, 'died', reason);
  }

  emit(event: MachineEvent): void {
    this.machine.emit(event);
  }
}
