import type { HeldStores } from '../cpu/held-store.js';
import { STATUS } from '../cpu/record.js';
import type { StaleFetch } from '../cpu/stale-fetch.js';
import { VECTOR } from '../cpu/vector.js';
import { LAYOUT, SCRATCH } from '../memory/layout.js';
import type { Delivery } from './delivery.js';
import type { Machine } from './machine.js';
import type { Observers } from './observers.js';

/** DR6: the #DB is a single step's. */
const DR6_BS = 1n << 14n;

/** The step of an instruction: fetch as chosen, execute, and what the execution asks of the machine. */
export class InstructionUnit {
  constructor(
    private readonly machine: Machine,
    private readonly observers: Observers,
    private readonly delivery: Delivery,
    private readonly fetch: StaleFetch | undefined,
    private readonly stores: HeldStores,
  ) {}

  /** @param times which result of the fetch; the only one, or the first, when absent. */
  execute(cpu: number, times: readonly number[] | undefined): void {
    const { fetch, machine } = this;
    const { singleSteps } = machine.state(cpu);
    const status =
      fetch === undefined
        ? this.observers.aroundInstruction(cpu, machine.interpreter)
        : this.executeFetched(fetch, cpu, times);
    if (status !== 0) this.finish(cpu, status);
    // Here TF counts as SYSCALL and SYSRET leave it.
    const traps = (status & (STATUS.syscall | STATUS.sysret)) === 0 ? singleSteps : machine.state(cpu).singleSteps;
    if (!traps || (status & (STATUS.fault | STATUS.trap | STATUS.unsupported)) !== 0) return;
    if (this.stores.left(cpu) === 0) this.singleStep(cpu);
    else this.stores.trapAfter(cpu);
  }

  /** One more byte of the instruction's store is seen; with the last one the instruction is over. */
  storeByte(cpu: number, byte: number): void {
    const after = this.stores.storeByte(cpu, byte);
    if (after === 'held') return;
    this.fetch?.accepted(cpu);
    if (after === 'trap') this.singleStep(cpu);
  }

  /** TF was set when the instruction began: #DB with DR6.BS, unless the shadow it made holds that. */
  private singleStep(cpu: number): void {
    const state = this.machine.state(cpu);
    const held = state.shadowed && (state.shadowOfMovSs || this.machine.rules.dbHeldInStiShadow === true);
    if (held) return;
    state.setCell('dr6', state.cell('dr6') | DR6_BS);
    this.delivery.raise(cpu, VECTOR.db, 0);
  }

  private executeFetched(fetch: StaleFetch, cpu: number, times: readonly number[] | undefined): number {
    const { rip } = this.machine.state(cpu);
    const choices = fetch.choices(cpu, rip);
    const choice = times === undefined ? choices?.[0] : choices?.find((other) => String(other.times) === String(times));
    fetch.choose(rip, choice);
    const status = this.observers.aroundInstruction(cpu, this.machine.interpreter, choice?.byteTimes);
    fetch.executed(cpu, choice);
    return status;
  }

  private finish(cpu: number, status: number): void {
    const { machine } = this;
    if ((status & STATUS.unsupported) !== 0) {
      const { bytes } = machine.interpreter.executed();
      const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
      this.delivery.die(cpu, 'unsupported', `unsupported instruction ${hex}`);
      return;
    }
    if ((status & (STATUS.fault | STATUS.trap)) !== 0) {
      const errorCode = machine.memory.linear.int32(LAYOUT.scratch + SCRATCH.errorCode);
      this.delivery.raise(cpu, status & 0xff, errorCode);
      return;
    }
    if ((status & STATUS.halt) !== 0) {
      machine.state(cpu).halted = true;
      machine.emit({ kind: 'halt', cpu });
    }
    if ((status & STATUS.serialize) !== 0) machine.serialize(cpu);
    if ((status & STATUS.mfence) !== 0 && machine.rules.mfenceSerialises) machine.serialize(cpu);
    if ((status & STATUS.iret) !== 0) this.delivery.leave(cpu);
    if ((status & STATUS.syscall) !== 0) machine.kernel.enteredKernel(cpu);
  }
}
