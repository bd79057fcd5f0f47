import type { Machine } from '../../machine/machine.js';

/** Whether every task stays on its CPU, and no other one gets there. To be asked of a machine at its beginning. */
export function tasksStay({ budgets, tasks }: Machine): boolean {
  return budgets.left('reschedule') === 0 && [...tasks.runnable()].length === 0;
}
