import type { Machine } from '../../machine/machine.js';
import { tasksStay } from './tasks-stay.js';

/**
 * The CPUs that fetch no text before they serialise, by what they are doing now: those in a procedure, which only an IRET
 * that serialises leads out of, and those whose task is one. None where tasks may move, or a handler is guest code. To be
 * asked of a machine at its beginning (docs/soundness/fetch-floors.md).
 */
export function deadFloors(machine: Machine): (cpu: number) => boolean {
  const { delivery, cpus, contexts, rules } = machine;
  if (!tasksStay(machine) || !delivery.handlersAreProcedures) return () => false;
  const isTask = (cpu: number): boolean => contexts[cpu]?.depth === 1 && contexts[cpu]?.inProcedure;
  const fetchless = new Set(cpus.map(({ cpu }) => cpu).filter(isTask));
  return (cpu) => fetchless.has(cpu) || (rules.iretSerialises && contexts[cpu]?.inProcedure === true);
}
