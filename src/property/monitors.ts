import type { MachineEvent } from '../machine/event.js';
import type { Machine } from '../machine/machine.js';
import type { Observer } from '../machine/observer.js';
import type { Patch } from '../machine/patch.js';
import { Int3Handled } from './int3-handled.js';
import type { Monitor } from './monitor.js';
import { NoTornInstruction } from './no-torn-instruction.js';
import { NoUnhandledException } from './no-unhandled-exception.js';
import { NoUseAfterReuse } from './no-use-after-reuse.js';
import { QuiescedAfterReturn } from './quiesced-after-return.js';
import type { ReusedRange } from './reused-range.js';
import type { Site } from './site.js';
import { SiteEffect } from './site-effect.js';
import { SiteTracker } from './site-tracker.js';
import type { Finding, Violation } from './violation.js';

/** What the monitors need to know of a scenario. */
export interface MonitoredThings {
  readonly sites: readonly Site[];
  readonly patches: readonly Patch[];
  readonly ranges: ReadonlyMap<string, ReusedRange>;
  /** Text, like stubs, that belongs to a pass through a site. */
  readonly detours?: readonly ReusedRange[];
}

type MakeMonitor = (tracker: SiteTracker, things: MonitoredThings) => Monitor;

/** Every property by name; the first that finds something is reported. */
export const PROPERTIES: ReadonlyMap<string, MakeMonitor> = new Map<string, MakeMonitor>([
  ['no-torn-instruction', (tracker) => new NoTornInstruction(tracker)],
  ['int3-handled', (tracker) => new Int3Handled(tracker)],
  ['site-effect', (tracker, { detours }) => new SiteEffect(tracker, detours)],
  ['quiesced-after-return', (tracker) => new QuiescedAfterReturn(tracker)],
  ['no-use-after-reuse', (_tracker, { ranges }) => new NoUseAfterReuse(ranges)],
  ['no-unhandled-exception', () => new NoUnhandledException()],
]);

/** How many events a violation carries. */
const EVENTS_KEPT = 24;

/** Runs the monitors of a machine and keeps the first violation. */
export class Monitors implements Observer {
  readonly instructions = 'watched';
  violation: Violation | undefined;
  private readonly tracker: SiteTracker;
  private readonly monitors: readonly Monitor[];
  private recent: MachineEvent[] = [];
  private readonly withBefore: readonly Monitor[];
  private readonly withAfter: readonly Monitor[];

  constructor(machine: Machine, things: MonitoredThings, properties: Iterable<string> = PROPERTIES.keys()) {
    this.tracker = new SiteTracker(things.sites, things.patches, machine);
    this.monitors = [...properties].map((name) => {
      const make = PROPERTIES.get(name);
      if (make === undefined) throw new Error(`no property ${name}`);
      return make(this.tracker, things);
    });
    this.withBefore = this.monitors.filter((monitor) => monitor.before !== undefined);
    this.withAfter = this.monitors.filter((monitor) => monitor.after !== undefined);
    for (const { address, length } of things.sites) machine.watched.add(address, address + BigInt(length));
    for (const { address, size } of things.ranges.values()) machine.watched.add(address, address + BigInt(size));
    machine.observe(this);
  }

  before(cpu: number, machine: Machine): void {
    for (const monitor of this.withBefore) monitor.before?.(cpu, machine);
  }

  observe(event: MachineEvent, machine: Machine): void {
    this.tracker.observe(event);
    if (event.kind !== 'procedure-step' && event.kind !== 'serialize') {
      this.recent.push(event);
      if (this.recent.length > 4 * EVENTS_KEPT) this.recent = this.recent.slice(-EVENTS_KEPT);
    }
    for (const monitor of this.monitors) this.note(monitor, monitor.observe?.(event, machine), machine);
  }

  after(cpu: number, machine: Machine): void {
    for (const monitor of this.withAfter) this.note(monitor, monitor.after?.(cpu, machine), machine);
    this.tracker.after(cpu);
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

  save(): unknown {
    return [this.violation, this.tracker.save(), this.monitors.map((monitor) => monitor.save?.())];
  }

  restore(state: unknown): void {
    // The recent events are not state: whoever wants those of a violation replays its schedule.
    this.recent = [];
    const [violation, tracker, monitors] = state as [Violation | undefined, unknown, readonly unknown[]];
    this.violation = violation;
    this.tracker.restore(tracker);
    this.monitors.forEach((monitor, index) => {
      monitor.restore?.(monitors[index]);
    });
  }
}
