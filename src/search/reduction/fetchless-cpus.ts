import type { Machine } from '../../machine/machine.js';

/**
 * The CPUs that execute procedures and nothing else, whatever happens: their task is one, no other can come to them, and
 * every handler is a procedure. To be asked of a machine at its beginning.
 */
export function fetchlessCpus(machine: Machine): ReadonlySet<number> {
  const { budgets, delivery, tasks, cpus, contexts } = machine;
  const tasksStay = budgets.left('reschedule') === 0 && [...tasks.runnable()].length === 0;
  if (!tasksStay || !delivery.handlersAreProcedures) return new Set();
  return new Set(cpus.map(({ cpu }) => cpu).filter((cpu) => contexts[cpu]?.depth === 1 && contexts[cpu]?.inProcedure));
}
