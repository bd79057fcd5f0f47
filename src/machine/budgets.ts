import { LAYOUT } from '../memory/layout.js';
import type { LinearMemory } from '../memory/linear-memory.js';

/** What the environment may do only so often: reschedule a task, send an NMI, raise a machine check. */
export const BUDGETED = ['reschedule', 'nmi', 'mc'] as const;
export type Budgeted = (typeof BUDGETED)[number];

/** Where in the block of tasks and budgets it stands, in bytes. */
export const budgetCell = (what: Budgeted): number => 8 * BUDGETED.indexOf(what);

/** What is left of the budgets; part of the machine's state. */
export class Budgets {
  /** Set by every change. */
  changed = true;

  constructor(private readonly linear: LinearMemory) {}

  left(what: Budgeted): number {
    return this.linear.int32(this.cell(what));
  }

  set(what: Budgeted, count: number): void {
    this.changed = true;
    this.linear.setInt32(this.cell(what), count);
  }

  /** Uses one up. */
  spend(what: Budgeted): void {
    this.set(what, this.left(what) - 1);
  }

  private cell(what: Budgeted): number {
    return LAYOUT.machine + budgetCell(what);
  }
}
