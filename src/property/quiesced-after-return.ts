import { INT3_INSN_OPCODE } from '../encoder/instruction-templates.js';
import type { MachineEvent } from '../machine/event.js';
import type { Machine } from '../machine/machine.js';
import { hex } from './monitor.js';
import { overlaps, type Site } from './site.js';
import type { SiteTracker } from './site-tracker.js';
import { StatefulMonitor } from './stateful-monitor.js';
import type { Finding } from './violation.js';

/** A site whose last patch has returned. */
interface Settled {
  readonly site: number;
  /** CPUs that have not done a step since the return, as bits: what they do next began before it. */
  readonly unsettled: number;
}

/**
 * P4 `quiesced-after-return`: after the patch API returned, until the next patch of the site begins, no CPU whose
 * previous step came after the return executes INT3 or bytes of a retired version. Versions count, not byte values.
 */
export class QuiescedAfterReturn extends StatefulMonitor<readonly Settled[]> {
  override readonly property = 'quiesced-after-return';

  constructor(private readonly tracker: SiteTracker) {
    super([]);
  }

  observe(event: MachineEvent, machine: Machine): Finding | undefined {
    switch (event.kind) {
      case 'patch-begin': {
        const site = this.tracker.siteOf(event.patch);
        this.state = this.state.filter((other) => other.site !== site);
        return undefined;
      }
      case 'patch-return': {
        const everyCpu = (1 << machine.cpuCount) - 1;
        const unsettled = everyCpu & ~(1 << event.cpu);
        this.state = [...this.state, { site: this.tracker.siteOf(event.patch), unsettled }];
        return undefined;
      }
      case 'instruction':
        return this.executed(event, machine);
      default:
        return undefined;
    }
  }

  private executed(event: MachineEvent & { kind: 'instruction' }, machine: Machine): Finding | undefined {
    for (const { site: index, unsettled } of this.state) {
      const site = this.tracker.sites[index];
      if (site === undefined || ((unsettled >> event.cpu) & 1) === 1) continue;
      if (!overlaps(site, event.rip, Math.max(event.bytes.length, 1))) continue;
      const what = this.retired(index, site, event, machine);
      if (what === undefined) continue;
      const { cpu, rip: address, bytes } = event;
      return {
        cpu,
        address,
        bytes,
        message: `CPU ${cpu} executed ${what} at ${site.symbol} after the patch had returned`,
      };
    }
    return undefined;
  }

  /** In words, what of the instruction does not belong to the version in force. */
  private retired(
    index: number,
    site: Site,
    event: MachineEvent & { kind: 'instruction' },
    machine: Machine,
  ): string | undefined {
    const { current } = this.tracker.text(index);
    if (event.rip === site.address && event.bytes[0] === INT3_INSN_OPCODE && current.bytes[0] !== INT3_INSN_OPCODE) {
      return "the patcher's INT3";
    }
    const stale = event.times.findIndex((time, i) => {
      const address = event.rip + BigInt(i);
      return overlaps(site, address, 1) && time !== machine.memory.text.timeOf(machine.memory.offsetOf(address));
    });
    return stale < 0 ? undefined : `"${hex(event.bytes)}", byte ${stale} of a retired version,`;
  }

  after(cpu: number): undefined {
    if (!this.state.some(({ unsettled }) => ((unsettled >> cpu) & 1) === 1)) return;
    this.state = this.state.map((entry) => ({ ...entry, unsettled: entry.unsettled & ~(1 << cpu) }));
  }
}
