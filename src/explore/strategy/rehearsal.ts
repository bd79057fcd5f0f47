import type { Machine } from '../../machine/machine.js';
import { RoundRobin } from '../round-robin.js';
import { stepsOn } from './chooser.js';
import { isInteresting, type StoringPlaces, storingPlace } from './interesting.js';
import { splitSteps } from './step-kinds.js';

/** What strategies want to know of executions beforehand. */
export interface Rehearsal {
  /** Steps until every task that is a procedure has returned. */
  readonly length: number;
  /** Interesting steps of each CPU until then. */
  readonly interesting: readonly number[];
  readonly storing: StoringPlaces;
  /** The CPUs that begin with such tasks; undefined when there are none. */
  readonly returning: readonly number[] | undefined;
}

/** Whether every one of some CPUs has returned from its task, a procedure. */
export function haveReturned(machine: Machine, cpus: readonly number[]): boolean {
  return cpus.every((cpu) => machine.isFinished(cpu));
}

/**
 * Executes a machine in turns until every task that is a procedure has returned, and looks. The machine is not put
 * back.
 * @param limit the most steps
 */
export function rehearse(machine: Machine, limit: number): Rehearsal {
  const scheduler = new RoundRobin();
  const storing = new Set<string>();
  const interesting = machine.cpus.map(() => 0);
  const procedures = machine.cpus.map(({ cpu }) => cpu).filter((cpu) => machine.contexts[cpu]?.inProcedure);
  const isOver = (): boolean => procedures.length > 0 && haveReturned(machine, procedures);
  let length = 0;
  while (length < limit && !isOver()) {
    const step = scheduler.next(machine);
    if (step === undefined || machine.stopped !== undefined) break;
    const { cpu, kind } = step;
    const { own } = splitSteps(stepsOn(machine, cpu));
    const wasInteresting = isInteresting(machine, cpu, own, storing);
    const place = kind === 'procedure' ? storingPlace(machine, cpu) : undefined;
    const before = machine.memory.text.now;
    machine.apply(step);
    const stored = machine.memory.text.now !== before;
    if (stored && place !== undefined) storing.add(place);
    if (wasInteresting || stored) interesting[cpu] = (interesting[cpu] ?? 0) + 1;
    length++;
  }
  return {
    length: Math.max(1, length),
    interesting,
    storing,
    returning: procedures.length > 0 ? procedures : undefined,
  };
}
