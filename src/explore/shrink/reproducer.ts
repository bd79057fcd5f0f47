import { fetchesCurrent } from '../../machine/fetch-view.js';
import type { Machine } from '../../machine/machine.js';
import type { MachineSnapshot } from '../../machine/machine-snapshot.js';
import { type Step, sameStep } from '../../machine/step.js';
import type { Monitors } from '../../property/monitors.js';
import type { Violation } from '../../property/violation.js';

/** An execution that ends with the violation in question. */
export interface Reproduction {
  readonly steps: readonly Step[];
  /** Of each step: how many contexts its CPU had before it, and where the CPU was, in text or in a procedure. */
  readonly depths: readonly number[];
  readonly places: readonly string[];
  /** How many of them fetched something that memory did not hold any more. */
  readonly stale: number;
}

/** Executes candidates for a shorter schedule. */
export class Reproducer {
  /** How many candidates were executed. */
  tries = 0;

  /**
   * @param start the state in which schedules begin
   * @param isSame whether a violation is the one that is looked for
   */
  constructor(
    private readonly machine: Machine,
    private readonly monitors: Monitors,
    private readonly start: MachineSnapshot,
    private readonly isSame: (violation: Violation) => boolean,
  ) {}

  /** Does what is possible of some steps, up to a violation; undefined unless it is the one that is looked for. */
  try(candidate: Iterable<Step>): Reproduction | undefined {
    const { machine, monitors } = this;
    this.tries++;
    machine.restore(this.start);
    const steps: Step[] = [];
    const depths: number[] = [];
    const places: string[] = [];
    let stale = 0;
    const left = candidate[Symbol.iterator]();
    while (monitors.violation === undefined) {
      const next = left.next();
      if (next.done) return undefined;
      const step = possible(machine, next.value);
      if (step === undefined) continue;
      steps.push(step);
      depths.push(machine.contexts[step.cpu]?.depth ?? 0);
      places.push(placeOf(machine, step.cpu));
      if (!fetchesCurrent(machine, step)) stale++;
      machine.apply(step);
    }
    return this.isSame(monitors.violation) ? { steps, depths, places, stale } : undefined;
  }
}

/** The step that does now what a step did elsewhere; undefined when there is none. */
function possible(machine: Machine, wanted: Step): Step | undefined {
  const enabled: Step[] = [];
  machine.enabledOn(wanted.cpu, enabled);
  const alike = enabled.filter(({ kind }) => kind === wanted.kind);
  const same = alike.find((step) => sameStep(step, wanted));
  if (same !== undefined || wanted.kind !== 'instruction') return same;
  // Text times are others than they were. What fetched what memory holds still does.
  const { times } = wanted;
  if (times === undefined) return alike.find((step) => fetchesCurrent(machine, step));
  return nearest(times, alike);
}

/** The instruction whose text times are nearest to some. */
function nearest(times: readonly number[], alike: readonly Step[]): Step | undefined {
  const distance = (step: Step): number => {
    if (step.kind !== 'instruction' || step.times === undefined) return 0;
    return step.times.reduce((sum, time, unit) => sum + Math.abs(time - (times[unit] ?? time)), 0);
  };
  return alike.reduce<Step | undefined>(
    (best, step) => (best === undefined || distance(step) < distance(best) ? step : best),
    undefined,
  );
}

function placeOf(machine: Machine, cpu: number): string {
  const context = machine.contexts[cpu];
  const state = machine.cpus[cpu];
  return context?.inProcedure ? `${context.procedure} ${context.pc}` : `${state?.ripLow} ${context?.depth}`;
}
