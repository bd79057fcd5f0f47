import { CELL, cpuBase, XMM_CELLS } from '../cpu/cells.js';
import { InputError } from '../input-error.js';
import { CPU_STRIDE, LAYOUT, MAX_TASKS } from '../memory/layout.js';
import type { LinearMemory } from '../memory/linear-memory.js';

/** What is known of a task beside its state. */
export interface TaskTraits {
  readonly name: string;
  /** Whether it may be taken off its CPU. */
  readonly reschedulable: boolean;
  /** Addresses of instructions at which it calls schedule(). Default: none. */
  readonly yields?: ReadonlySet<bigint>;
}

/** What of a CPU's block belongs to the task on it: everything but the CPU's own registers, pending vectors and caches. */
export const TASK_PARTS: readonly (readonly [start: number, end: number])[] = [
  [0, CELL.gsBase],
  [CELL.cpl, CELL.fetchFloor],
  // While the task is in the kernel this is its own GS base, which Linux switches with it.
  [CELL.kernelGsBase, CELL.kernelGsBase + 8],
  [CELL.selectors, CELL.star],
  // XMM registers, contexts and procedure frames.
  [XMM_CELLS, CPU_STRIDE],
];

/** Where a task is; kept in its slot. */
const PLACE = { onCpu: 0, parked: 1, fresh: 2 } as const;

/** The tasks of a machine: which one each CPU runs, and the state of those that are off their CPU. */
export class Tasks {
  readonly traits: TaskTraits[] = [];
  /** How many slots were ever used. */
  private slots = 0;
  /** Set by every change of a slot. */
  changed = true;

  constructor(private readonly linear: LinearMemory) {}

  /** Adds a task; the number it is known by. */
  add(traits: TaskTraits): number {
    if (this.traits.length >= MAX_TASKS) throw new InputError(`a machine has at most ${MAX_TASKS} tasks`);
    this.traits.push(traits);
    return this.traits.length - 1;
  }

  /** How many bytes from `LAYOUT.machine` on may differ from 0. */
  get extent(): number {
    return LAYOUT.tasks - LAYOUT.machine + this.slots * CPU_STRIDE;
  }

  /** The task on a CPU; undefined while it idles. */
  on(cpu: number): number | undefined {
    const cell = this.linear.int32(cpuBase(cpu) + CELL.task);
    return cell === 0 ? undefined : cell - 1;
  }

  /** Who executes on a CPU, across migrations: the task, or the CPU itself while it idles. */
  owner(cpu: number): number {
    return this.on(cpu) ?? -1 - cpu;
  }

  /** Says which task a CPU runs from now on; its state is in the block already. */
  assign(cpu: number, task: number | undefined): void {
    this.linear.setInt32(cpuBase(cpu) + CELL.task, task === undefined ? 0 : task + 1);
    if (task !== undefined && this.place(task) !== PLACE.onCpu) this.setPlace(task, PLACE.onCpu);
  }

  /** The tasks that could be resumed. */
  *runnable(): Generator<number> {
    for (let task = 0; task < this.traits.length; task++) if (this.place(task) !== PLACE.onCpu) yield task;
  }

  /** Whether a task has never run. */
  isFresh(task: number): boolean {
    return this.place(task) === PLACE.fresh;
  }

  /** Takes the state of the CPU's task into the task's slot. */
  park(cpu: number, task: number, how: 'parked' | 'fresh' = 'parked'): void {
    this.slots = Math.max(this.slots, task + 1);
    this.copy(cpuBase(cpu), this.slot(task));
    this.setPlace(task, PLACE[how]);
  }

  /** Puts a task's state into a CPU's block. */
  load(cpu: number, task: number): void {
    this.copy(this.slot(task), cpuBase(cpu));
    // What is left in the slot is past: it must not tell equal states apart.
    this.linear.u8.fill(0, this.slot(task), this.slot(task) + CPU_STRIDE);
    this.changed = true;
    this.assign(cpu, task);
  }

  private copy(from: number, to: number): void {
    for (const [start, end] of TASK_PARTS) this.linear.u8.copyWithin(to + start, from + start, from + end);
  }

  /** Where the state of a task that is off its CPU lies in linear memory, laid out like a CPU's block. */
  slot(task: number): number {
    return LAYOUT.tasks + task * CPU_STRIDE;
  }

  private place(task: number): number {
    return this.linear.int32(this.slot(task) + CELL.task);
  }

  private setPlace(task: number, place: number): void {
    this.changed = true;
    this.linear.setInt32(this.slot(task) + CELL.task, place);
  }
}
