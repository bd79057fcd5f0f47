import { CELL, cpuBase } from '../cpu/cells.js';
import { PROCEDURE_TEXT } from '../machine/delivery.js';
import type { Machine } from '../machine/machine.js';

/** The CPU that runs a task; undefined while it is off its CPU. */
export function cpuOf(machine: Machine, task: number): number | undefined {
  const { tasks, cpuCount } = machine;
  machine.memory.footprint?.allCpus();
  for (let cpu = 0; cpu < cpuCount; cpu++) if (tasks.on(cpu) === task) return cpu;
  return undefined;
}

/**
 * Where the registers of a task lie in linear memory: in the block of the CPU that runs it, or, while it is off its CPU, in
 * its slot, as the interrupt that took it off left them.
 */
export function taskBlock(machine: Machine, task: number): number {
  const cpu = cpuOf(machine, task);
  return cpu === undefined ? machine.tasks.slot(task) : cpuBase(cpu);
}

/**
 * Whether everything has come to rest: every procedure has returned, handlers included, and every task has returned, is
 * halted, or is off its CPU. A CPU that stopped for good is not at rest.
 */
export function isAtRest(machine: Machine): boolean {
  machine.memory.footprint?.allCpus();
  for (let cpu = 0; cpu < machine.cpuCount; cpu++) {
    const { frames } = machine.context(cpu);
    const { halted, dead } = machine.state(cpu);
    if (frames > 0 || dead || !(halted || machine.isFinished(cpu))) return false;
  }
  const { linear } = machine.memory;
  for (const task of machine.tasks.runnable()) {
    // A procedure that was taken off its CPU, or has not begun, has not returned.
    if (linear.uint64(taskBlock(machine, task) + CELL.rip) === PROCEDURE_TEXT) return false;
  }
  return true;
}
