import { cpuBase } from '../cpu/cells.js';
import { RFLAGS } from '../cpu/flags.js';
import type { Budgets } from './budgets.js';
import { type Delivery, PROCEDURE_TEXT } from './delivery.js';
import { deliver } from './interrupt-frame.js';
import type { Machine } from './machine.js';
import type { Step } from './step.js';
import { TASK_PARTS, type Tasks } from './tasks.js';

/** RESCHEDULE_VECTOR of arch/x86/include/asm/irq_vectors.h. */
export const RESCHEDULE_VECTOR = 0xfd;

/**
 * Taking tasks off CPUs and resuming them, maybe elsewhere. A task leaves in an interrupt at a boundary with IF=1: its
 * frame is pushed like any other's and it is resumed by IRET, which serialises. Taking a task off costs budget; a CPU that
 * idles, or whose task is done, takes another for nothing.
 */
export class Rescheduling {
  constructor(
    private readonly machine: Machine,
    private readonly tasks: Tasks,
    private readonly budgets: Budgets,
    private readonly delivery: Delivery,
    /** Where the stack of a CPU's idle task begins to grow. */
    private readonly idleStacks: readonly bigint[],
  ) {}

  /** Adds the switches that are enabled on a CPU. */
  enabledOn(cpu: number, steps: Step[]): void {
    const state = this.machine.state(cpu);
    if (this.machine.context(cpu).depth !== 1 || !state.interruptsEnabled || state.shadowed) return;
    const busy = this.isBusy(cpu);
    if (busy && !this.mayLeave(cpu)) return;
    for (const task of this.tasks.runnable()) steps.push({ kind: 'switch', cpu, task });
    if (busy) steps.push({ kind: 'switch', cpu, task: undefined });
  }

  private isBusy(cpu: number): boolean {
    return this.tasks.on(cpu) !== undefined && !this.machine.isFinished(cpu);
  }

  private mayLeave(cpu: number): boolean {
    const task = this.tasks.on(cpu);
    return task !== undefined && this.tasks.traits[task]?.reschedulable === true && this.budgets.left('reschedule') > 0;
  }

  /** The CPU's task leaves, and `task` is resumed there, or the CPU idles. */
  switch(cpu: number, task: number | undefined): void {
    const from = this.tasks.on(cpu);
    this.machine.emit({ kind: 'switch', cpu, from: this.nameOf(from), to: this.nameOf(task) });
    if (from !== undefined && this.isBusy(cpu)) {
      this.budgets.spend('reschedule');
      const state = this.machine.state(cpu);
      deliver(this.machine.memory, state, RESCHEDULE_VECTOR, 0);
      this.machine.context(cpu).push(RESCHEDULE_VECTOR, state.rsp);
      this.tasks.park(cpu, from);
    }
    this.machine.kernel.enteredKernel(cpu);
    if (task === undefined) this.idle(cpu);
    else this.resume(cpu, task);
  }

  private nameOf(task: number | undefined): string | undefined {
    return task === undefined ? undefined : this.tasks.traits[task]?.name;
  }

  private resume(cpu: number, task: number): void {
    const fresh = this.tasks.isFresh(task);
    this.tasks.load(cpu, task);
    this.machine.lookThrough(cpu);
    if (fresh) this.machine.serialize(cpu);
    else this.delivery.interruptReturn(cpu);
  }

  /** Leaves the CPU halted with interrupts on and nothing to do. */
  idle(cpu: number): void {
    const base = cpuBase(cpu);
    const { linear } = this.machine.memory;
    for (const [start, end] of TASK_PARTS) linear.u8.fill(0, base + start, base + end);
    this.tasks.assign(cpu, undefined);
    this.machine.lookThrough(cpu);
    const state = this.machine.state(cpu);
    state.rsp = this.idleStacks[cpu] ?? 0n;
    state.rflags = RFLAGS.fixed | RFLAGS.if;
    state.rip = PROCEDURE_TEXT;
    state.halted = true;
    this.machine.context(cpu).push(undefined, state.rsp);
  }
}
