import { CELL, cpuBase } from '../../cpu/cells.js';
import type { Machine } from '../../machine/machine.js';
import { NO_STATE } from '../../machine/state-vector.js';
import { CPU_STRIDE, PAGE_SIZE } from '../../memory/layout.js';
import type { Monitors } from '../../property/monitors.js';
import { tasksStay } from './tasks-stay.js';

/** CPUs that may exchange their names, in ascending order; or why there are none. */
export type Exchangeable = { readonly group: readonly number[] } | { readonly why: string };

/**
 * The CPUs whose tasks begin alike: the same registers, the same entry, stacks of their own at the same address; the most
 * that do. To be asked of a machine at its beginning (docs/soundness/symmetry.md).
 */
export function exchangeableCpus(machine: Machine, monitors: Monitors): Exchangeable {
  const { budgets, delivery } = machine;
  const { naming } = machine.kernel;
  const guests = machine.cpus.map(({ cpu }) => cpu).filter((cpu) => executesCode(machine, cpu));
  // Nothing that could be exchanged is nothing to complain of.
  if (guests.length < 2) return { group: [] };
  if (monitors.namesTasks) return { why: 'the scenario has expressions of its own' };
  if (naming.order !== undefined) return { why: naming.order };
  if (!tasksStay(machine)) return { why: 'tasks change CPUs' };
  if (delivery.hasNmiStacks && budgets.left('nmi') > 0) return { why: 'each CPU has an NMI stack of its own' };
  const groups = new Map<string, number[]>();
  for (const cpu of guests) {
    const key = beginningOf(machine, cpu);
    groups.set(key, [...(groups.get(key) ?? []), cpu]);
  }
  const [largest = []] = [...groups.values()].sort((a, b) => b.length - a.length);
  return largest.length > 1 ? { group: largest } : { why: 'no two tasks begin alike' };
}

function executesCode({ contexts, tasks }: Machine, cpu: number): boolean {
  return tasks.on(cpu) !== undefined && contexts[cpu]?.depth === 1 && !contexts[cpu]?.inProcedure;
}

/** Equal for CPUs that are told apart by their numbers alone. */
function beginningOf({ memory, tasks, kernel }: Machine, cpu: number): string {
  const block = memory.linear.u8.slice(cpuBase(cpu), cpuBase(cpu) + CPU_STRIDE);
  for (const word of NO_STATE) block.fill(0, 4 * word, 4 * word + 4);
  block.fill(0, CELL.task, CELL.task + 8);
  const task = tasks.on(cpu) ?? -1;
  const { reschedulable, yields = new Set() } = tasks.traits[task] ?? { reschedulable: false };
  const pages = memory
    .privatePages(task)
    .map(({ address, offset }) => [address, memory.linear.u8.subarray(offset, offset + PAGE_SIZE).join()]);
  return [block.join(), reschedulable, [...yields].sort().join(), pages.join(), kernel.naming.roles[cpu] ?? ''].join(
    '|',
  );
}
