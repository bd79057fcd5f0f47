import type { MachineEvent } from '../machine/event.js';
import type { Machine } from '../machine/machine.js';
import type { Executing } from '../machine/observer.js';
import type { Patch } from '../machine/patch.js';
import type { Renaming } from '../machine/renaming.js';
import { MAX_CPUS } from '../memory/layout.js';
import { type Site, type SiteText, type SiteVersion, sameBytes, siteVersion } from './site.js';

/** Follows which versions the text of each site has, from the patch API's begins and returns. */
export class SiteTracker {
  private texts: readonly SiteText[];

  constructor(
    readonly sites: readonly Site[],
    private readonly patches: readonly Patch[],
    machine: Machine,
  ) {
    this.texts = sites.map(({ address, length }) => {
      const current = siteVersion(machine.memory.bytes(address, length));
      return { current, open: undefined, last: undefined, versions: [current], replaced: undefined, unsettled: 0 };
    });
  }

  /** The site that a patch is for. */
  siteOf(patch: number): number {
    const address = this.patches[patch]?.address;
    return this.sites.findIndex((site) => site.address === address);
  }

  /** The version that the last patch of a site replaces or has replaced; undefined when there was none. */
  old(site: number): SiteVersion | undefined {
    const { open, current, replaced } = this.text(site);
    return open === undefined ? replaced : current;
  }

  text(site: number): SiteText {
    const text = this.texts[site];
    if (text === undefined) throw new Error(`no site ${site}`);
    return text;
  }

  observe(event: MachineEvent): void {
    if (event.kind !== 'patch-begin' && event.kind !== 'patch-return') return;
    const site = this.siteOf(event.patch);
    const patch = this.patches[event.patch];
    if (site < 0 || patch === undefined) return;
    const text = this.text(site);
    const version = text.versions.find(({ bytes }) => sameBytes(bytes, patch.bytes)) ?? siteVersion(patch.bytes);
    const versions = text.versions.includes(version) ? text.versions : [...text.versions, version];
    const changed: SiteText =
      event.kind === 'patch-begin'
        ? { ...text, versions, open: patch, last: patch }
        : {
            versions,
            open: undefined,
            last: patch,
            current: version,
            replaced: text.current,
            unsettled: othersThan(event.cpu),
          };
    this.texts = this.texts.with(site, changed);
  }

  /** Called after every step: the CPU has done one since any patch returned. */
  after(cpu: number): void {
    if (!this.texts.some(({ unsettled }) => isIn(unsettled, cpu))) return;
    this.texts = this.texts.map((text) => ({ ...text, unsettled: text.unsettled & ~(1 << cpu) }));
  }

  /** Whether nothing has changed since {@link save} gave a state but that CPUs have done steps since a return. */
  hasOnlySettled(state: unknown): boolean {
    const before = state as readonly SiteText[];
    return this.texts.every((text, site) => {
      const { unsettled: _, ...was } = before[site] ?? text;
      return Object.entries(was).every(([name, value]) => text[name as keyof SiteText] === value);
    });
  }

  save(): unknown {
    return this.texts;
  }

  renamed(state: unknown, renaming: Renaming): unknown {
    return (state as readonly SiteText[]).map((text) => ({ ...text, unsettled: renaming.cpuSet(text.unsettled) }));
  }

  concerning(state: unknown, { cpu }: Executing): unknown {
    return (state as readonly SiteText[]).map((text) => ({ ...text, unsettled: text.unsettled & (1 << cpu) }));
  }

  restore(state: unknown): void {
    this.texts = state as readonly SiteText[];
  }
}

/** Every CPU but one, as bits. */
const othersThan = (cpu: number): number => ((1 << MAX_CPUS) - 1) & ~(1 << cpu);

/** Whether a CPU is in a set of bits. */
export function isIn(cpus: number, cpu: number): boolean {
  return ((cpus >> cpu) & 1) === 1;
}
