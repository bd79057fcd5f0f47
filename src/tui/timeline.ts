import type { RecordedStep } from '../explore/recorded-run.js';
import { type Divergence, replayStep } from '../explore/replay.js';
import { endOf, type RunEnd } from '../explore/run.js';
import { SCHEDULE_LIMITS } from '../explore/schedule-file.js';
import type { TextStoreEvent } from '../machine/event.js';
import type { Machine } from '../machine/machine.js';
import { formatStep, type Step, sameStep } from '../machine/step.js';
import type { Monitors } from '../property/monitors.js';
import { overlaps, type Site } from '../property/site.js';
import { type StepEvents, stepCollector } from '../report/step-events.js';
import { KeptSteps } from './kept-steps.js';
import { type Marks, markOf, marksOf } from './marks.js';
import { type Registers, registersOf } from './registers.js';
import { Snapshots } from './snapshots.js';

/** What is known of a step that was done. */
export interface DoneStep extends StepEvents {
  readonly marks: Marks;
  /** The registers of the step's CPU before it. */
  readonly before: Registers;
}

/** A store to the text of a site. */
export interface SiteChange {
  readonly step: number;
  readonly store: TextStoreEvent;
}

/**
 * An execution that can be gone through both ways: a machine, the steps that are known, and a position among them, which is
 * the number of steps that the machine has done. Behind the position lies the past, before it the future: steps that were
 * done or recorded. Doing another step than the one that is next cuts the future off.
 *
 * Going back restores a snapshot and does the steps from there again; the machine is deterministic, so the state is the
 * same to the bit.
 */
export class Timeline {
  /** Steps that the machine has done. */
  position = 0;
  /** Where the recorded execution could not be followed, if so: the future ends there. */
  divergence: Divergence | undefined;
  /** Stores to sites in the steps that were ever done, in order. */
  readonly siteChanges: SiteChange[] = [];
  private steps: Step[] = [];
  private readonly met = new Map<string, Step>();
  /** Steps from the beginning that were done at least once. */
  private reached = 0;
  private readonly snapshots: Snapshots;
  private readonly marks: Marks[] = [];
  private readonly kept = new KeptSteps();
  private collected: StepEvents | undefined;

  /**
   * @param machine before its first step; from now on only the timeline does steps on it
   * @param recorded steps that are known beforehand, with what each has to come to
   */
  constructor(
    readonly machine: Machine,
    readonly monitors: Monitors,
    private readonly sites: readonly Site[],
    readonly recorded: readonly RecordedStep[] = [],
  ) {
    this.steps = recorded.map(({ step }) => step);
    machine.observe(
      stepCollector('all', (events) => {
        this.collected = events;
      }),
    );
    // Behind the observer: a snapshot is of all of them.
    this.snapshots = new Snapshots(machine);
  }

  /** Steps that are known, past and future. */
  get length(): number {
    return this.steps.length;
  }

  /** A known step, counting from 1. */
  step(number: number): Step | undefined {
    return this.steps[number - 1];
  }

  /** The step that comes next, if it is known. */
  get next(): Step | undefined {
    return this.steps[this.position];
  }

  /** Whether no schedule may be longer. */
  get isFull(): boolean {
    return this.position >= SCHEDULE_LIMITS.steps;
  }

  /** How the execution has ended at the position; undefined while it may go on. */
  get end(): RunEnd | undefined {
    return endOf(this.machine, this.monitors);
  }

  /** Whether the known steps are those of the record. */
  get isRecorded(): boolean {
    return this.recorded.length > 0 && this.steps.length === this.recorded.length && this.common === this.steps.length;
  }

  /** Where the known steps leave the record. */
  private get common(): number {
    const differs = this.recorded.findIndex(({ step }, index) => {
      const known = this.steps[index];
      return known === undefined || (known !== step && !sameStep(known, step));
    });
    return differs < 0 ? this.recorded.length : differs;
  }

  /** Does a step, which is enabled: the next known one, or another in its place. */
  forward(step: Step): void {
    if (this.end !== undefined) throw new Error('the execution has ended');
    const known = this.next;
    if (known === undefined || !sameStep(known, step)) {
      this.cut();
      this.steps.push(this.same(step));
    }
    this.redo();
  }

  /** Goes one step back; false at the beginning. */
  back(): boolean {
    if (this.position === 0) return false;
    this.goTo(this.position - 1);
    return true;
  }

  /**
   * Goes to a position, as far as the steps to it are known.
   * @returns whether it got there; not if the record could not be followed
   */
  goTo(position: number): boolean {
    const to = Math.max(0, Math.min(position, this.length));
    const from = this.snapshots.nearest(to);
    // A single step is done, so that everything is known of it.
    if (to < this.position || from > this.position + 1) {
      this.snapshots.restore(from);
      this.position = from;
    }
    while (this.position < to) if (!this.redo()) return false;
    return this.position === position;
  }

  /** The marks of a step that was done, counting from 1. */
  marksOf(number: number): Marks {
    return this.marks[number - 1] ?? 0;
  }

  /** How many of the known steps were done at least once: of these everything is known. */
  get done(): number {
    return this.reached;
  }

  /** What is known of the steps from the `first` to the `last`, counting from 1. Known ones that lie ahead are tried out. */
  doneSteps(first: number, last: number): readonly DoneStep[] {
    const from = Math.max(1, first);
    if (last > this.reached) this.visit(Math.min(last, this.length));
    const to = Math.min(last, this.reached);
    const missing = (number: number): boolean => this.kept.get(number) === undefined;
    let low = from;
    while (low <= to && !missing(low)) low++;
    if (low <= to) {
      let high = to;
      while (!missing(high)) high--;
      this.visit(low - 1, high);
    }
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => this.kept.get(from + i)).filter(
      (known) => known !== undefined,
    );
  }

  /** Does up to `count` of the known steps that were never done, and comes back: who goes there later finds them known. */
  explore(count: number): void {
    if (this.reached < this.length) this.visit(Math.min(this.reached + count, this.length));
  }

  /** The last step before the position that a CPU did; 0 if there is none. */
  lastStepOf(cpu: number): number {
    for (let number = this.position; number > 0; number--) if (this.steps[number - 1]?.cpu === cpu) return number;
    return 0;
  }

  /** Goes back to where the record was left, and knows its steps again. */
  followRecord(): void {
    const { common } = this;
    this.goTo(Math.min(common, this.position));
    this.cut(common);
    for (const { step } of this.recorded.slice(common)) this.steps.push(step);
    this.divergence = undefined;
  }

  /** The steps up to the position. */
  past(): readonly Step[] {
    return this.steps.slice(0, this.position);
  }

  /** Goes to a position, does the steps from there to another one, and comes back. */
  private visit(from: number, to = from): void {
    const { position } = this;
    this.goTo(from);
    while (this.position < to && this.redo());
    this.goTo(position);
  }

  /** The step as it was met first: few of many differ. */
  private same(step: Step): Step {
    const name = formatStep(step);
    const met = this.met.get(name) ?? step;
    this.met.set(name, met);
    return met;
  }

  /** Forgets the steps behind a position. */
  private cut(position = this.position): void {
    this.steps.length = position;
    if (this.reached <= position) return;
    this.reached = position;
    this.marks.length = position;
    this.snapshots.cut(position);
    this.kept.cut(position);
    while ((this.siteChanges.at(-1)?.step ?? 0) > position) this.siteChanges.pop();
  }

  /** Does the next known step; false if it cannot be done as recorded. */
  private redo(): boolean {
    const step = this.steps[this.position];
    if (step === undefined) return false;
    const number = this.position + 1;
    const { machine } = this;
    const before = registersOf(machine.state(step.cpu));
    const { frames } = machine.context(step.cpu);
    this.collected = undefined;
    if (number > this.reached && !this.applyNew(step, number)) return false;
    if (number <= this.reached) machine.apply(step);
    this.position = number;
    const nothing = { step: number, cpu: step.cpu, interrupted: undefined, events: [] };
    // What a handler is told of comes with the step that the snapshot numbers.
    const collected: StepEvents = this.collected ?? nothing;
    const returned = step.kind === 'procedure' && machine.context(step.cpu).frames < frames;
    const marks = number > this.reached ? this.marksNow(collected, returned) : this.marksOf(number);
    this.kept.keep({ ...collected, marks, before });
    if (number > this.reached) this.reach(number, marks, collected);
    return true;
  }

  /** Does a step for the first time, and compares it with the record if it is from there. */
  private applyNew(step: Step, number: number): boolean {
    const recorded = this.recorded[number - 1];
    if (recorded?.step !== step) {
      this.machine.apply(step);
      return true;
    }
    const divergence = replayStep(this.machine, this.monitors, recorded, number);
    if (divergence === undefined) return true;
    this.divergence = divergence;
    if (divergence.what === 'hash') {
      // It was done, but came to another state.
      const { position } = this;
      this.snapshots.restore(this.snapshots.nearest(position));
      this.position = this.snapshots.nearest(position);
      while (this.position < position) this.redo();
    }
    this.cut();
    return false;
  }

  private marksNow({ events }: StepEvents, returned: boolean): Marks {
    const executesSite = events.some(
      (event) =>
        event.kind === 'instruction' && this.sites.some((site) => overlaps(site, event.rip, event.bytes.length)),
    );
    return (
      marksOf(events) |
      (executesSite ? markOf('site') : 0) |
      (returned ? markOf('returned') : 0) |
      (this.monitors.violation === undefined ? 0 : markOf('violation'))
    );
  }

  private reach(number: number, marks: Marks, { events }: StepEvents): void {
    this.reached = number;
    this.marks.push(marks);
    for (const store of events) {
      if (store.kind !== 'text-store') continue;
      if (this.sites.some((site) => overlaps(site, store.address, store.after.length)))
        this.siteChanges.push({ step: number, store });
    }
    this.snapshots.take(number);
  }
}
