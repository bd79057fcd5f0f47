import { CELL } from '../cpu/cells.js';
import { PROCEDURE_TEXT } from '../machine/delivery.js';
import type { Machine } from '../machine/machine.js';

/** Whether every procedure that began on a CPU has returned, handlers included. */
export function hasReturned(machine: Machine, cpu: number): boolean {
  return machine.context(cpu).frames === 0;
}

/** Whether no procedure that began is off its CPU. */
export function noneIsParked(machine: Machine): boolean {
  const { tasks, memory } = machine;
  for (const task of tasks.runnable()) {
    const isProcedure = memory.linear.uint64(tasks.slot(task) + CELL.rip) === PROCEDURE_TEXT;
    if (isProcedure && !tasks.isFresh(task)) return false;
  }
  return true;
}

/** Whether nothing that must finish is under way. */
export function everythingReturned(machine: Machine): boolean {
  return machine.cpus.every(({ cpu }) => hasReturned(machine, cpu)) && noneIsParked(machine);
}
