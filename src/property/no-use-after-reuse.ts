import type { MachineEvent } from '../machine/event.js';
import type { Machine } from '../machine/machine.js';
import { ContextMonitor } from './context-monitor.js';
import { inContextOrder } from './context-order.js';
import { hexAddress } from './monitor.js';
import { type ReusedRange, touches } from './reused-range.js';
import type { Finding } from './violation.js';

/** A context inside a range. */
interface Visit {
  /** Whose context it is: a task's, across migrations, or an idle CPU's. */
  readonly owner: number;
  readonly depth: number;
  readonly range: string;
  /** The range was freed or filled anew since the context entered it. */
  readonly retired: boolean;
}

/**
 * P5 `no-use-after-reuse`: no context executes or reads a byte of a range that was freed or filled anew after the
 * context entered it. A context enters text with its first boundary inside and leaves with its first one outside; data is
 * entered and left where a procedure says so, or left with the text that uses it.
 */
export class NoUseAfterReuse extends ContextMonitor<Visit> {
  override readonly property = 'no-use-after-reuse';

  constructor(private readonly ranges: ReadonlyMap<string, ReusedRange>) {
    super();
  }

  observe(event: MachineEvent, machine: Machine): Finding | undefined {
    switch (event.kind) {
      case 'range-entered':
        this.enter(event.cpu, event.range, machine, event.interrupted === true ? 1 : 0);
        return undefined;
      case 'range-left':
        this.leave(event.cpu, event.range, machine);
        return undefined;
      case 'range-retired':
        machine.memory.footprint?.observedOthers();
        for (let cpu = 0; cpu < machine.cpuCount; cpu++) this.arrive(cpu, machine);
        this.state = this.state.map((visit) => (visit.range === event.range ? { ...visit, retired: true } : visit));
        return undefined;
      case 'ipi-accepted':
      case 'trap':
      case 'switch':
        this.arrive(event.cpu, machine);
        return undefined;
      case 'instruction':
        return this.executed(event.cpu, event.rip, event.bytes, machine);
      default:
        return undefined;
    }
  }

  /**
   * Notes that a CPU stands in a range of text, maybe at its first instruction. Asked only where that matters before the
   * CPU executes: when the range is retired, and when an interrupt puts the context away.
   */
  private arrive(cpu: number, machine: Machine): void {
    const { depth, inProcedure } = machine.context(cpu);
    if (depth === 0 || inProcedure) return;
    const { rip } = machine.state(cpu);
    for (const [name, range] of this.ranges) if (touches(range, rip, 1)) this.enter(cpu, name, machine);
  }

  /** @param below how many contexts below the CPU's own the one is that enters */
  private enter(cpu: number, range: string, machine: Machine, below = 0): void {
    const depth = machine.context(cpu).depth - below;
    const owner = machine.tasks.owner(cpu);
    if (this.state.some((visit) => visit.owner === owner && visit.depth === depth && visit.range === range)) return;
    this.state = inContextOrder([...this.state, { owner, depth, range, retired: false }]);
  }

  private leave(cpu: number, range: string, machine: Machine): void {
    const { depth } = machine.context(cpu);
    const owner = machine.tasks.owner(cpu);
    this.state = this.state.filter((visit) => visit.owner !== owner || visit.depth !== depth || visit.range !== range);
  }

  private executed(cpu: number, rip: bigint, bytes: Uint8Array, machine: Machine): Finding | undefined {
    const length = Math.max(bytes.length, 1);
    const { depth } = machine.context(cpu);
    const owner = machine.tasks.owner(cpu);
    for (const [name, range] of this.ranges) {
      if (!touches(range, rip, length)) continue;
      const visit = this.state.find((v) => v.owner === owner && v.depth === depth && v.range === name);
      if (visit?.retired) {
        const message = `CPU ${cpu} executed at ${hexAddress(rip)} in ${name}, which was given to another use while it was inside`;
        return { cpu, address: rip, bytes, message };
      }
      this.enter(cpu, name, machine);
    }
    return undefined;
  }

  after(cpu: number, machine: Machine): Finding | undefined {
    if (this.state.length === 0) return undefined;
    const { depth, inProcedure } = machine.context(cpu);
    const { rip } = machine.state(cpu);
    const owner = machine.tasks.owner(cpu);
    const found = this.readRetired(cpu, depth, machine);
    this.state = this.state.filter((visit) => {
      if (visit.owner !== owner || visit.depth < depth) return true;
      const range = this.ranges.get(visit.range);
      // Handler frames above it are gone, and a context of guest code is out once its boundary is.
      return visit.depth === depth && (inProcedure || (range !== undefined && touches(range.usedBy ?? range, rip, 1)));
    });
    return found;
  }

  private readRetired(cpu: number, depth: number, machine: Machine): Finding | undefined {
    const owner = machine.tasks.owner(cpu);
    for (const visit of this.state) {
      const range = this.ranges.get(visit.range);
      if (visit.owner !== owner || !visit.retired || visit.depth > depth || range === undefined) continue;
      // A context that came on top of it has a visit of its own.
      if (range.usedBy !== undefined && visit.depth !== depth) continue;
      const access = machine.accesses().find((a) => a.kind !== 'write' && touches(range, a.address, a.size));
      if (access === undefined) continue;
      const message = `CPU ${cpu} read ${hexAddress(access.address)} in ${visit.range}, which was given to another use while it was inside`;
      return { cpu, address: access.address, bytes: machine.memory.bytes(access.address, access.size), message };
    }
    return undefined;
  }
}
