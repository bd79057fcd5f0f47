import type { Stop } from '../machine/delivery.js';
import type { Machine } from '../machine/machine.js';
import type { Step } from '../machine/step.js';
import type { GoalResult } from '../property/goal.js';
import type { Monitors } from '../property/monitors.js';
import type { Violation } from '../property/violation.js';
import type { Scheduler } from './scheduler.js';

/** How one execution ended. */
export type RunEnd =
  /** A property did not hold. */
  | { readonly kind: 'violated'; readonly violation: Violation }
  /** A CPU met an instruction outside the implemented set. */
  | { readonly kind: 'unsupported'; readonly stop: Stop }
  /** No step was enabled: everything returned, halted or waits for ever. */
  | { readonly kind: 'finished'; readonly waiting: readonly WaitingProcedure[] }
  /** No step was enabled, and a CPU had stopped for good, which no property that is checked forbids. */
  | { readonly kind: 'stopped'; readonly stop: Stop; readonly waiting: readonly WaitingProcedure[] }
  /** The limit of steps was reached. */
  | { readonly kind: 'limit' };

/** A procedure that waits although nothing can happen any more. */
export interface WaitingProcedure {
  readonly cpu: number;
  readonly procedure: string;
  readonly label: string;
}

/** One execution of a machine. */
export interface RunResult {
  readonly end: RunEnd;
  readonly steps: number;
  /** The steps, in order. */
  readonly schedule: readonly Step[];
  /** The state's hash at the end. */
  readonly hash: string;
  /** The goals of algorithm and scenario, and whether the machine has reached them in this execution or one before it. */
  readonly goals: readonly GoalResult[];
}

/** Runs a machine under a scheduler until a property is violated, nothing is enabled, or `limit` steps are done. */
export function run(machine: Machine, monitors: Monitors, scheduler: Scheduler, limit: number): RunResult {
  const schedule: Step[] = [];
  let end = endOf(machine, monitors);
  while (end === undefined) {
    if (schedule.length >= limit) {
      end = { kind: 'limit' };
      break;
    }
    const step = scheduler.next(machine);
    if (step === undefined) {
      const { stopped: stop } = machine;
      const waiting = waitingProcedures(machine);
      end = stop === undefined ? { kind: 'finished', waiting } : { kind: 'stopped', stop, waiting };
      break;
    }
    schedule.push(step);
    machine.apply(step);
    end = endOf(machine, monitors);
  }
  return { end, steps: schedule.length, schedule, hash: machine.hash(), goals: monitors.goals };
}

/** The end that the machine has come to by itself, if any. */
export function endOf(machine: Machine, monitors: Monitors): RunEnd | undefined {
  if (monitors.violation !== undefined) return { kind: 'violated', violation: monitors.violation };
  if (machine.stopped?.kind === 'unsupported') return { kind: 'unsupported', stop: machine.stopped };
  return undefined;
}

function waitingProcedures(machine: Machine): WaitingProcedure[] {
  return Array.from({ length: machine.cpuCount }, (_, cpu) => cpu).flatMap((cpu) => {
    // A CPU that stopped for good does not wait.
    const at = machine.state(cpu).dead ? undefined : machine.procedureAt(cpu);
    return at === undefined ? [] : [{ cpu, ...at }];
  });
}
