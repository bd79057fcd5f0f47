import type { MachineEvent } from '../machine/event.js';
import type { Machine } from '../machine/machine.js';
import type { Executing, Observer } from '../machine/observer.js';
import type { Patch } from '../machine/patch.js';
import type { Renaming } from '../machine/renaming.js';
import type { GoalResult } from './goal.js';
import { GOAL_CONDITIONS } from './goal-conditions.js';
import { Goals, type NamedGoal } from './goals.js';
import type { Monitor } from './monitor.js';
import { PassTracker } from './pass-tracker.js';
import { defaultProperties, PROPERTIES, type Property } from './properties.js';
import { RenamedData } from './renamed-data.js';
import type { ReusedRange } from './reused-range.js';
import type { Site } from './site.js';
import { SiteTracker } from './site-tracker.js';
import { goalsOf, UserCheck, type UserChecks } from './user-check.js';
import type { Finding, Violation } from './violation.js';

export { PROPERTIES } from './properties.js';

/** What the monitors need to know of a scenario. */
export interface MonitoredThings {
  readonly sites: readonly Site[];
  readonly patches: readonly Patch[];
  readonly ranges: ReadonlyMap<string, ReusedRange>;
  /** Text, like stubs, that belongs to a pass through a site. Default: none. */
  readonly detours?: readonly ReusedRange[];
  /** Names of the goals that algorithm and scenario ask for, beside those of the checks. Default: none. */
  readonly goals?: readonly string[];
  /** Names of goals that do not have to be reached, those of checks included. Default: none. */
  readonly waived?: ReadonlySet<string>;
  /** The scenario's own expressions; their machine is the one that is watched. Default: none. */
  readonly checks?: UserChecks;
}

const NO_CHECKS: UserChecks = { always: [], sometimes: [], finally: [] };

/** What {@link Monitors.learned} gives. */
export interface Learned {
  readonly goals: readonly number[];
  readonly monitors: readonly (readonly unknown[])[];
}

/** How many events a violation carries. */
const EVENTS_KEPT = 24;

/** Runs the monitors of a machine and keeps the first violation. */
export class Monitors implements Observer {
  readonly instructions: Observer['instructions'];
  violation: Violation | undefined;
  private readonly tracker: SiteTracker;
  /** Absent when no monitor asks which passes ended. */
  private readonly passes: PassTracker | undefined;
  private readonly monitors: readonly Monitor[];
  private readonly goalsToReach: Goals;
  /** Whether the scenario has expressions of its own, be it as goals: they may name single tasks and CPUs. */
  readonly namesTasks: boolean;
  private recent: MachineEvent[] = [];
  private readonly withEveryInstruction: readonly Monitor[];
  private readonly withBefore: readonly Monitor[];
  private readonly withAfter: readonly Monitor[];
  /** What tracker, passes and each monitor have under other names. */
  private readonly renamings: readonly RenamedData[];

  /**
   * Begins to watch a machine, the state it is in included: what is wrong with that is a violation in step 0.
   * @param properties by name; default: those that hold for every algorithm under the machine's rules.
   */
  constructor(
    machine: Machine,
    things: MonitoredThings,
    properties: Iterable<string> = defaultProperties(machine.rules),
  ) {
    const { sites, ranges, detours = [], checks = NO_CHECKS } = things;
    this.namesTasks = checks.always.length + checks.sometimes.length + checks.finally.length > 0;
    this.tracker = new SiteTracker(sites, things.patches, machine);
    const passes = new PassTracker(this.tracker, detours);
    const wanted = [...properties].map(propertyNamed);
    if (wanted.some(({ usesPasses }) => usesPasses)) this.passes = passes;
    this.monitors = [
      ...wanted.flatMap(({ monitor }) => monitor?.({ tracker: this.tracker, passes, ranges }) ?? []),
      ...checks.always.map((check) => new UserCheck('always', check)),
      ...checks.finally.map((check) => new UserCheck('finally', check)),
    ];
    this.withEveryInstruction = this.monitors.filter(({ everyInstruction }) => everyInstruction);
    this.instructions = this.withEveryInstruction.length > 0 ? 'all' : 'watched';
    this.withBefore = this.monitors.filter((monitor) => monitor.before !== undefined);
    this.renamings = Array.from({ length: 2 + this.monitors.length }, () => new RenamedData());
    this.withAfter = this.monitors.filter((monitor) => monitor.after !== undefined);
    const goals = [...(things.goals ?? []).map(goalNamed), ...goalsOf(checks)];
    const wantedGoals = goals.filter(({ name }) => things.waived?.has(name) !== true);
    this.goalsToReach = new Goals(wantedGoals, { tracker: this.tracker, detours });
    for (const { address, length } of sites) machine.watched.add(address, address + BigInt(length));
    for (const { address, size } of [...ranges.values(), ...detours]) {
      machine.watched.add(address, address + BigInt(size), true);
    }
    machine.observe(this);
    this.after(0, machine);
  }

  /** Whether it judges expressions of the scenario, which may look at any register and any memory in every state. */
  get hasExpressions(): boolean {
    return this.monitors.some((monitor) => monitor instanceof UserCheck);
  }

  /** The goals of the algorithm and of the scenario, and whether any execution of the machine reached them so far. */
  get goals(): readonly GoalResult[] {
    return this.goalsToReach.results;
  }

  /** Whether a goal is that all CPUs do something at once. */
  get hasGoalOfAllCpus(): boolean {
    return this.goalsToReach.askOfAllCpus;
  }

  before(cpu: number, machine: Machine): void {
    this.passes?.before(cpu, machine);
    for (const monitor of this.withBefore) monitor.before?.(cpu, machine);
  }

  observe(event: MachineEvent, machine: Machine): void {
    if (event.kind === 'instruction' && !machine.watched.touches(event.rip, Math.max(event.bytes.length, 1))) {
      for (const monitor of this.withEveryInstruction) this.note(monitor, monitor.observe?.(event, machine), machine);
      return;
    }
    this.tracker.observe(event);
    this.passes?.observe(event, machine);
    if (event.kind !== 'procedure-step' && event.kind !== 'serialize') {
      this.recent.push(event);
      if (this.recent.length > 4 * EVENTS_KEPT) this.recent = this.recent.slice(-EVENTS_KEPT);
    }
    for (const monitor of this.monitors) this.note(monitor, monitor.observe?.(event, machine), machine);
    this.goalsToReach.observe(event, machine);
  }

  after(cpu: number, machine: Machine): void {
    this.passes?.after(cpu, machine);
    for (const monitor of this.withAfter) this.note(monitor, monitor.after?.(cpu, machine), machine);
    this.goalsToReach.after(machine);
    this.tracker.after(cpu);
    // Expressions may have looked at memory through other tasks.
    machine.lookThrough(cpu);
  }

  private note(monitor: Monitor, finding: Finding | undefined, machine: Machine): void {
    if (finding === undefined || this.violation !== undefined) return;
    this.violation = {
      property: monitor.property,
      step: machine.steps,
      ...finding,
      events: this.recent.slice(-EVENTS_KEPT),
    };
  }

  /** Whether nothing has changed since {@link save} gave states but that CPUs have done steps since a patch returned. */
  haveOnlySettled([violation, tracker, ...others]: readonly unknown[]): boolean {
    const [violationNow, , ...othersNow] = this.save();
    return (
      violation === violationNow &&
      this.tracker.hasOnlySettled(tracker) &&
      others.every((state, index) => state === othersNow[index])
    );
  }

  /** What was learned in any execution and is no state, as plain data: which goals were met, and what monitors have. */
  learned(): Learned {
    return { goals: this.goalsToReach.met, monitors: this.monitors.map((one) => one.learned?.() ?? []) };
  }

  /** How much that is. */
  get learnedCount(): number {
    return this.monitors.reduce((sum, one) => sum + (one.learned?.().length ?? 0), this.goalsToReach.metCount);
  }

  /** Takes over what the monitors of a machine like this one have learned. */
  learn({ goals, monitors }: Learned, machine: Machine): void {
    this.goalsToReach.met = goals;
    this.monitors.forEach((monitor, index) => {
      monitor.learn?.(monitors[index] ?? [], machine);
    });
  }

  save(): unknown[] {
    return [this.violation, this.tracker.save(), this.passes?.save(), ...this.monitors.map((one) => one.save?.())];
  }

  renamed([violation, tracker, passes, ...monitors]: readonly unknown[], renaming: Renaming): unknown[] {
    const [ofTracker, ofPasses, ...ofMonitors] = this.renamings;
    return [
      violation,
      ofTracker?.of(tracker, renaming, () => this.tracker.renamed(tracker, renaming)),
      ofPasses?.of(passes, renaming, () => this.passes?.renamed(passes, renaming)),
      ...this.monitors.map((monitor, index) => {
        const state = monitors[index];
        return ofMonitors[index]?.of(state, renaming, () => monitor.renamed?.(state, renaming) ?? state);
      }),
    ];
  }

  concerning([violation, tracker, passes, ...monitors]: readonly unknown[], who: Executing): unknown[] {
    return [
      violation,
      this.tracker.concerning(tracker, who),
      passes === undefined ? undefined : this.passes?.concerning(passes, who),
      ...this.monitors.map((monitor, index) => monitor.concerning?.(monitors[index], who) ?? monitors[index]),
    ];
  }

  restore([violation, tracker, passes, ...monitors]: readonly unknown[]): void {
    // The recent events are not state: whoever wants those of a violation replays its schedule.
    this.recent = [];
    this.violation = violation as Violation | undefined;
    this.tracker.restore(tracker);
    this.passes?.restore(passes);
    this.monitors.forEach((monitor, index) => {
      monitor.restore?.(monitors[index]);
    });
  }
}

function propertyNamed(name: string): Property {
  const property = PROPERTIES.get(name);
  if (property === undefined) throw new Error(`no property ${name}`);
  return property;
}

function goalNamed(name: string): NamedGoal {
  const conditions = GOAL_CONDITIONS.get(name);
  if (conditions === undefined) throw new Error(`no goal ${name}`);
  return { name, conditions };
}
