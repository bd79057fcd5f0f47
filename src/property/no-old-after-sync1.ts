import { INT3_INSN_OPCODE } from '../encoder/instruction-templates.js';
import type { InstructionEvent, MachineEvent } from '../machine/event.js';
import type { Renaming } from '../machine/renaming.js';
import { hex } from './monitor.js';
import { overlaps, type Site, sameBytes } from './site.js';
import type { SiteTracker } from './site-tracker.js';
import { StatefulMonitor } from './stateful-monitor.js';
import type { Finding } from './violation.js';

/** How far the last patch of a site has come. */
interface Progress {
  /** The CPU that applies it. */
  readonly patcher: number;
  /** Bytes of the site were stored. */
  readonly stored: boolean;
  /** CPUs that have not acknowledged the first sync core after that, as bits; undefined before its IPI is sent. */
  readonly unacked: number | undefined;
}

/**
 * `no-old-after-sync1`, stronger than the patch API promises and off by default: once every CPU that the first sync core
 * of a patch asked has acknowledged, no CPU executes the old instruction. The first sync core is the first IPI that the
 * patching CPU sends after it stored to the site; an algorithm that sends none is not judged.
 */
export class NoOldAfterSync1 extends StatefulMonitor<readonly (Progress | undefined)[]> {
  override readonly property = 'no-old-after-sync1';

  constructor(private readonly tracker: SiteTracker) {
    super(tracker.sites.map(() => undefined));
  }

  protected withNames(state: readonly (Progress | undefined)[], renaming: Renaming): readonly (Progress | undefined)[] {
    const nameless = (unacked: number | undefined): number | undefined => unacked && renaming.cpuSet(unacked);
    return state.map(
      (progress) =>
        progress && { ...progress, patcher: renaming.cpu(progress.patcher), unacked: nameless(progress.unacked) },
    );
  }

  observe(event: MachineEvent): Finding | undefined {
    switch (event.kind) {
      case 'patch-begin': {
        const site = this.tracker.siteOf(event.patch);
        const begun = { patcher: event.cpu, stored: false, unacked: undefined };
        if (site >= 0) this.state = this.state.with(site, begun);
        return undefined;
      }
      case 'text-store':
        this.update((progress, site) =>
          progress.patcher === event.cpu && overlaps(site, event.address, event.after.length)
            ? { ...progress, stored: true }
            : progress,
        );
        return undefined;
      case 'ipi-sent': {
        const targets = event.targets.reduce((mask, cpu) => mask | (1 << cpu), 0);
        this.update((progress) =>
          progress.patcher === event.cpu && progress.stored && progress.unacked === undefined
            ? { ...progress, unacked: targets }
            : progress,
        );
        return undefined;
      }
      case 'ipi-acked':
        this.update((progress) =>
          progress.unacked !== undefined && event.initiators.includes(progress.patcher)
            ? { ...progress, unacked: progress.unacked & ~(1 << event.cpu) }
            : progress,
        );
        return undefined;
      case 'instruction':
        return this.executed(event);
      default:
        return undefined;
    }
  }

  private update(change: (progress: Progress, site: Site) => Progress): void {
    const changed = this.tracker.sites.map((site, index) => {
      const progress = this.state[index];
      return progress === undefined ? undefined : change(progress, site);
    });
    if (changed.some((progress, index) => progress !== this.state[index])) this.state = changed;
  }

  private executed({ cpu, rip, bytes }: InstructionEvent): Finding | undefined {
    const index = this.tracker.sites.findIndex(
      (site, i) => this.state[i]?.unacked === 0 && overlaps(site, rip, Math.max(bytes.length, 1)),
    );
    const site = this.tracker.sites[index];
    if (site === undefined || !this.isOld(index, Number(rip - site.address), bytes)) return undefined;
    return {
      cpu,
      address: rip,
      bytes,
      message: `CPU ${cpu} executed the old "${hex(bytes)}" at ${site.symbol} after the first sync core of the patch`,
    };
  }

  private isOld(site: number, offset: number, bytes: Uint8Array): boolean {
    if (bytes[0] === INT3_INSN_OPCODE) return false;
    const { last, versions } = this.tracker.text(site);
    const instruction = this.tracker.old(site)?.instructions.get(offset);
    const replacement = versions.find((version) => last !== undefined && sameBytes(version.bytes, last.bytes));
    const other = replacement?.instructions.get(offset);
    return (
      instruction !== undefined && sameBytes(instruction, bytes) && !(other !== undefined && sameBytes(other, bytes))
    );
  }
}
