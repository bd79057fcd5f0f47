import type { Machine } from '../machine/machine.js';
import type { Monitors } from '../property/monitors.js';
import { endOf, type RunEnd, run } from './run.js';
import type { Scheduler } from './scheduler.js';

/** Chooses nothing, so that {@link run} says how things stand. */
const NOBODY: Scheduler = { description: 'none', next: () => undefined };

/** How an execution ends that stops in the state the machine is in: `limit` when something could still happen. */
export function endingOf(machine: Machine, monitors: Monitors): RunEnd {
  const end = endOf(machine, monitors);
  if (end !== undefined) return end;
  return machine.enabled().length > 0 ? { kind: 'limit' } : run(machine, monitors, NOBODY, 1).end;
}
