import type { MachineEvent } from '../machine/event.js';
import type { Machine } from '../machine/machine.js';
import type { Executing } from '../machine/observer.js';
import type { Renaming } from '../machine/renaming.js';
import { type PassTracker, versionsOf } from './pass-tracker.js';
import type { EndedPass } from './site-pass.js';
import { isIn, type SiteTracker } from './site-tracker.js';
import { StatefulMonitor } from './stateful-monitor.js';
import type { Finding } from './violation.js';

/**
 * P7 `monotone-per-cpu`: once a CPU had the NEW effect of a patch it does not later have its OLD effect. A patch is judged
 * until the next one of its site begins. It is the CPU that counts, not the task: the one that fetched at the site. An
 * effect that both versions have (a conditional jump that is not taken) says nothing; nor does a pass that began before
 * the patch did, as its new effect may be that of an earlier version of the same bytes.
 *
 * Its state: by site, the CPUs that had the new effect, as bits.
 */
export class MonotonePerCpu extends StatefulMonitor<readonly number[]> {
  override readonly property = 'monotone-per-cpu';

  constructor(
    private readonly tracker: SiteTracker,
    private readonly passes: PassTracker,
  ) {
    super(tracker.sites.map(() => 0));
  }

  protected withNames(state: readonly number[], renaming: Renaming): readonly number[] {
    return state.map((cpus) => renaming.cpuSet(cpus));
  }

  concerning(state: readonly number[], { cpu }: Executing): readonly number[] {
    return state.map((cpus) => cpus & (1 << cpu));
  }

  observe(event: MachineEvent): undefined {
    if (event.kind !== 'patch-begin') return;
    const site = this.tracker.siteOf(event.patch);
    if (site >= 0) this.state = this.state.with(site, 0);
  }

  after(cpu: number, machine: Machine): Finding | undefined {
    return this.passes.finding((ended) => {
      // The task has come here from another CPU.
      if (ended.pass.cpu !== cpu) machine.memory.footprint?.observedOthers();
      return this.judge(ended, machine);
    });
  }

  private judge(ended: EndedPass, machine: Machine): Finding | undefined {
    const { cpu, site: index, outlivedBegin } = ended.pass;
    if (outlivedBegin) return undefined;
    const old = this.tracker.old(index)?.bytes;
    if (old === undefined) return undefined;
    const cpus = this.state[index] ?? 0;
    const hadNew = isIn(cpus, cpu);
    const versions = versionsOf(this.tracker.text(index).last);
    // The usual case, told without evaluating effects.
    if (hadNew && versions.some((version) => ended.executed(version))) return undefined;
    const hasOld = ended.had(old);
    if (hasOld !== hadNew) return undefined;
    const hasNew = versions.some((version) => ended.had(version));
    if (hasOld && !hasNew) return this.finding(ended, machine);
    if (hasNew && !hasOld) this.state = this.state.with(index, cpus | (1 << cpu));
    return undefined;
  }

  private finding({ pass, site }: EndedPass, machine: Machine): Finding {
    return {
      cpu: pass.cpu,
      address: site.address,
      bytes: machine.memory.bytes(site.address, site.length),
      message: `CPU ${pass.cpu} went through ${site.symbol} with the old effect after it had had the new one`,
    };
  }
}
