import type { Machine } from '../../machine/machine.js';
import { formatStep, type Step } from '../../machine/step.js';
import { OWN_STEPS } from '../../machine/step-kinds.js';
import { Footprint } from '../../memory/footprint.js';
import { Random } from '../random.js';
import { type Choices, type Chooser, stepsOn } from './chooser.js';
import { type Access, accessOf, race } from './step-access.js';

/** A step that is enabled, and its priority. */
interface Event {
  readonly step: Step;
  readonly priority: number;
}

/**
 * Partial order sampling (Yuan, Yang, Gu: Partial Order Aware Concurrency Sampling, CAV 2018). Every enabled step has a
 * random priority and the highest is done; steps that race with it get new ones, so that no order of two racing steps
 * is less likely because of what their CPUs did before.
 *
 * What a step will touch is what the same step touched when it was last done in this execution; one that was not yet
 * done is taken to race with every store.
 */
export class Pos implements Chooser {
  private readonly random: Random;
  /** The events of each CPU, by what they are. */
  private readonly events: Map<string, Event>[] = [];
  /** What was touched last where. */
  private readonly known = new Map<string, Access>();
  private done: { readonly step: Step; readonly place: string } | undefined;
  private footprint: Footprint | undefined;

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  next(choices: Choices, machine: Machine): Step | undefined {
    // What is looked at in order to choose is not what steps touch.
    machine.memory.footprint = undefined;
    this.footprint ??= new Footprint(machine.memory.written);
    if (this.done !== undefined) this.settle(this.done, this.footprint, machine);
    let best: Event | undefined;
    for (let cpu = 0; cpu < choices.cpuCount; cpu++) {
      const before = this.events[cpu];
      const now = new Map<string, Event>();
      for (const step of stepsOn(choices, cpu)) {
        const name = formatStep(step);
        const event = before?.get(name) ?? { step, priority: this.random.next() };
        now.set(name, event);
        if (best === undefined || event.priority > best.priority) best = event;
      }
      this.events[cpu] = now;
    }
    if (best === undefined) return undefined;
    this.done = { step: best.step, place: placeOf(machine, best.step) };
    this.footprint.clear();
    machine.memory.footprint = this.footprint;
    return best.step;
  }

  /** A step was done: its CPU's next ones are new, and those that race with it are as good as new. */
  private settle({ step, place }: { step: Step; place: string }, footprint: Footprint, machine: Machine): void {
    const access = accessOf(footprint, step.cpu, machine);
    this.known.set(place, access);
    for (const [cpu, events] of this.events.entries()) {
      for (const [name, event] of events) {
        const isOver = cpu === step.cpu && (OWN_STEPS.has(event.step.kind) || event.step === step);
        if (isOver || (cpu !== step.cpu && this.races(access, event.step, machine))) events.delete(name);
      }
    }
  }

  private races(access: Access, other: Step, machine: Machine): boolean {
    if (!OWN_STEPS.has(other.kind)) return ((access.cpus >> other.cpu) & 1) !== 0;
    const touched = this.known.get(placeOf(machine, other));
    return touched === undefined ? access.stored.size > 0 : race(access, touched, other.cpu);
  }
}

/** Where a step happens: the instruction, or the procedure's step; of others, the CPU. */
function placeOf(machine: Machine, { kind, cpu }: Step): string {
  const at = kind === 'procedure' ? machine.procedureAt(cpu) : undefined;
  if (at !== undefined) return `${at.procedure}: ${at.label}`;
  const state = machine.cpus[cpu];
  return OWN_STEPS.has(kind) && state !== undefined ? `${state.ripLow} ${cpu}` : `${kind} ${cpu}`;
}
