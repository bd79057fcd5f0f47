import { endingOf } from '../../src/explore/ending.js';
import { recordedEnd } from '../../src/explore/recorded-end.js';
import { stepLabel } from '../../src/explore/recorded-run.js';
import { type RunResult, run } from '../../src/explore/run.js';
import type { Scheduler } from '../../src/explore/scheduler.js';
import type { MachineEvent } from '../../src/machine/event.js';
import type { Machine } from '../../src/machine/machine.js';
import { formatStep, type Step } from '../../src/machine/step.js';
import type { Monitors } from '../../src/property/monitors.js';

/** A machine before its first step; made anew for each execution, as schedulers are. */
export type Build = (backend: 'wasm' | 'bigint') => { readonly machine: Machine; readonly monitors: Monitors };

/** One execution with all that is to be equal: a line for each step, and how it ended. */
interface Traced {
  readonly result: RunResult;
  readonly trace: readonly string[];
}

/**
 * Executions in the tests go through here. Each is done three times and all three have to agree in every step, every
 * event, every state hash, the verdict and the goals: twice under the scheduler, and once more on the other backend along
 * the schedule that came out.
 * @returns the result of the first execution
 * @throws Error naming the first step in which two executions differ
 */
export function runTwice(build: Build, scheduler: () => Scheduler, limit: number): RunResult {
  const first = execute(build('wasm'), scheduler(), limit);
  requireEqual(first, execute(build('wasm'), scheduler(), limit), 'the same scheduler');
  requireEqual(first, execute(build('bigint'), new Along(first.result.schedule), limit), 'the other backend');
  return first.result;
}

/** Repeats a schedule; a step that is not enabled is for the trace to tell. */
class Along implements Scheduler {
  readonly description = 'a known schedule';
  private at = 0;

  constructor(private readonly schedule: readonly Step[]) {}

  next(machine: Machine): Step | undefined {
    const step = this.schedule[this.at++];
    if (step !== undefined && !machine.isEnabled(step)) {
      throw new Error(`step ${this.at}, ${formatStep(step)}, is not enabled on the other backend`);
    }
    return step;
  }
}

function execute({ machine, monitors }: ReturnType<Build>, scheduler: Scheduler, limit: number): Traced {
  const trace: string[] = [];
  let events: string[] = [];
  machine.observe({
    instructions: 'all',
    observe: (event) => events.push(eventText(event)),
    after() {
      trace.push(`${events.join('; ')} => ${machine.hash()}`);
      events = [];
    },
  });
  const result = run(
    machine,
    monitors,
    labelled(scheduler, (step) => events.push(stepText(machine, step))),
    limit,
  );
  trace.push(endText(machine, monitors, result));
  return { result, trace };
}

/** Tells of each step before it is done. */
function labelled(scheduler: Scheduler, tell: (step: Step) => void): Scheduler {
  return {
    description: scheduler.description,
    next(machine) {
      const step = scheduler.next(machine);
      if (step !== undefined) tell(step);
      return step;
    },
  };
}

function stepText(machine: Machine, step: Step): string {
  return `${formatStep(step)} ${stepLabel(machine, step) ?? ''}`;
}

function eventText(event: MachineEvent): string {
  return JSON.stringify(event, (_key, value: unknown) => {
    if (typeof value === 'bigint') return value.toString(16);
    return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
  });
}

function endText(machine: Machine, monitors: Monitors, { hash, goals, steps }: RunResult): string {
  const end = recordedEnd(endingOf(machine, monitors), hash);
  return JSON.stringify({ steps, end, goals, violation: monitors.violation?.message });
}

function requireEqual(one: Traced, other: Traced, what: string): void {
  const length = Math.max(one.trace.length, other.trace.length);
  for (let at = 0; at < length; at++) {
    if (one.trace[at] === other.trace[at]) continue;
    throw new Error(`step ${at + 1} differs under ${what}:\n${one.trace[at]}\n${other.trace[at]}`);
  }
}
