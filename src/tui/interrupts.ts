import type { Step } from '../machine/step.js';
import { INTERRUPTS } from '../machine/step-kinds.js';
import { ipiText } from '../report/event-note.js';
import type { Walk } from './walk.js';

/** The interrupts that a CPU may take now. */
export function deliverable({ timeline }: Walk, cpu: number): Step[] {
  const steps: Step[] = [];
  if (timeline.end === undefined && !timeline.isFull) timeline.machine.enabledOn(cpu, steps);
  return steps.filter(({ kind }) => INTERRUPTS.has(kind));
}

/** Why others cannot come in now: a line for each kind of interrupt that is held back. */
export function heldBack(walk: Walk, cpu: number): string[] {
  const { machine, end, isFull } = walk.timeline;
  if (end !== undefined || isFull) return ['the execution has ended here'];
  const state = machine.state(cpu);
  const can = new Set(deliverable(walk, cpu).map(({ kind }) => kind));
  const reasons: string[] = [];
  const pending = machine.pending[cpu]?.vectors ?? [];
  if (!can.has('accept')) {
    if (pending.length === 0) reasons.push('no interrupt is pending');
    else {
      const why = state.interruptsEnabled ? 'the interrupt shadow holds it back' : 'IF is 0';
      reasons.push(`${pending.map((vector) => ipiText(vector)).join(', ')} is pending, but ${why}`);
    }
  }
  if (!can.has('nmi')) {
    const left = machine.budgets.left('nmi') > 0;
    const why = state.nmiBlocked ? 'one is being handled' : 'the interrupt shadow holds it back';
    reasons.push(`no NMI: ${left ? why : 'the budget of NMIs is used up (budgets: {nmi: N})'}`);
  }
  if (!can.has('mc')) {
    const left = machine.budgets.left('mc') > 0;
    reasons.push(
      `no machine check: ${left ? 'the interrupt shadow holds it back' : 'the budget is used up (budgets: {mc: N})'}`,
    );
  }
  return reasons;
}
