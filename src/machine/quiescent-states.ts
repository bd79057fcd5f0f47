import type { Machine } from './machine.js';

/** Words of the simulated kernel's memory that say who is still waited for; a bit for each task, or for each CPU. */
export interface GracePeriodWords {
  readonly tasks: bigint;
  readonly cpus: bigint;
}

/** Who a grace period has to wait for: tasks, or CPUs. */
export type Holdouts = keyof GracePeriodWords;

/**
 * Sees when tasks and CPUs go through a quiescent state, and takes them out of the holdouts. A task does when it executes
 * the instruction at one of its yield points (it calls schedule() there), idles (HLT outside handlers) or is in user mode;
 * being preempted is none. A CPU does whenever its task does, and when it changes tasks for whatever reason.
 */
export class QuiescentStates {
  constructor(
    private readonly machine: Machine,
    private readonly words: GracePeriodWords,
  ) {}

  /** Whether a CPU's task calls schedule() if it executes its next instruction to the end. */
  atYieldPoint(cpu: number): boolean {
    const { machine } = this;
    const task = machine.tasks.on(cpu);
    const yields = task === undefined ? undefined : machine.tasks.traits[task]?.yields;
    return yields !== undefined && isInTask(machine, cpu) && yields.has(machine.state(cpu).rip);
  }

  /** After a step of a CPU. */
  after(cpu: number, did: { readonly yielded?: boolean; readonly switched?: boolean }): void {
    const { machine, words } = this;
    // An exception came instead: the instruction is yet to be executed.
    const yielded = did.yielded === true && isInTask(machine, cpu) && !machine.state(cpu).dead;
    const quiet = yielded || isQuiet(machine, cpu);
    const task = machine.tasks.on(cpu);
    if (quiet && task !== undefined) this.release(cpu, 'task', words.tasks, task);
    if (quiet || did.switched === true) this.release(cpu, 'cpu', words.cpus, cpu);
  }

  private release(cpu: number, of: 'task' | 'cpu', word: bigint, bit: number): void {
    const { machine } = this;
    const holdouts = machine.memory.read(word, 8);
    const left = holdouts & ~(1n << BigInt(bit));
    if (left === holdouts) return;
    machine.memory.write(word, 8, left);
    machine.emit({ kind: 'quiescent-state', cpu, of, last: left === 0n });
  }
}

/** The CPU executes its task's code, no handler and no procedure. */
function isInTask(machine: Machine, cpu: number): boolean {
  const { depth, inProcedure } = machine.context(cpu);
  return depth === 1 && !inProcedure;
}

/** The CPU, outside handlers, idles or executes in user mode. */
function isQuiet(machine: Machine, cpu: number): boolean {
  if (!isInTask(machine, cpu)) return false;
  const state = machine.state(cpu);
  return (state.halted && !state.dead) || state.cell('cpl') !== 0n || machine.isFinished(cpu);
}

/**
 * Who a grace period that begins now on `cpu` has to wait for, as bits: every task but the caller's own that is not
 * idle, in user mode or at its end, parked ones included; or every CPU but the caller's of which that holds.
 */
export function holdoutsNow(machine: Machine, cpu: number, of: Holdouts): bigint {
  let bits = 0n;
  machine.memory.footprint?.allCpus();
  if (of === 'tasks') for (const task of machine.tasks.runnable()) bits |= 1n << BigInt(task);
  for (let other = 0; other < machine.cpuCount; other++) {
    const bit = of === 'tasks' ? machine.tasks.on(other) : other;
    if (other !== cpu && bit !== undefined && !isQuiet(machine, other)) bits |= 1n << BigInt(bit);
  }
  return bits;
}
