import { CONTEXT_CELLS, cpuBase } from '../cpu/cells.js';
import type { InstructionEvent, MachineEvent } from '../machine/event.js';
import type { Machine } from '../machine/machine.js';
import type { Executing } from '../machine/observer.js';
import type { Patch } from '../machine/patch.js';
import type { Renaming } from '../machine/renaming.js';
import { inContextOrder, ownContexts, renamedContexts } from './context-order.js';
import { entryCells, registersOfCells } from './expected-effect.js';
import { isInside, type ReusedRange } from './reused-range.js';
import { contains, sameBytes, siteVersion } from './site.js';
import { EndedPass, type SitePass } from './site-pass.js';
import { isIn, type SiteTracker } from './site-tracker.js';
import type { Finding } from './violation.js';

/**
 * Follows the contexts that are on their way through a site. A pass opens when a context starts fetching at the site and
 * ends at its first boundary outside the site, handler frames and detours (a stub that the handler sends it to).
 */
export class PassTracker {
  /** The passes that ended in the step that was just done. */
  ended: readonly EndedPass[] = NONE;
  private state: readonly SitePass[] = [];

  constructor(
    private readonly sites: SiteTracker,
    private readonly detours: readonly ReusedRange[],
  ) {}

  before(cpu: number, machine: Machine): void {
    const state = machine.state(cpu);
    const { rip } = state;
    const site = this.sites.sites.findIndex(({ address }) => address === rip);
    if (site < 0) return;
    const { depth } = machine.context(cpu);
    const owner = machine.tasks.owner(cpu);
    const base = cpuBase(cpu);
    // Equal registers are equal states.
    state.normaliseFlags();
    const entry = entryCells(machine.memory.linear.u8.subarray(base, base + CONTEXT_CELLS));
    const begun = this.state.find((pass) => pass.owner === owner && pass.depth === depth);
    if (begun !== undefined) {
      // A handler that retries went back to the start with nothing done: what is executed now counts, not the INT3.
      if (begun.executed === 'something else' && begun.site === site && sameRegisters(begun.entry, entry)) {
        this.state = this.state.with(this.state.indexOf(begun), { ...begun, cpu, executed: undefined, raised: false });
      }
      return;
    }
    const { current, open, replaced, unsettled } = this.sites.text(site);
    // The fetch of a CPU's first step after a return began before it, when what was replaced was in force.
    const before = replaced !== undefined && isIn(unsettled, cpu) ? [replaced.bytes] : [];
    const candidates = [current.bytes, ...before, ...versionsOf(open)];
    const nothingYet = { outlivedBegin: false, executed: undefined, raised: false };
    this.state = inContextOrder([...this.state, { owner, depth, site, cpu, entry, candidates, ...nothingYet }]);
  }

  observe(event: MachineEvent, machine: Machine): void {
    if (event.kind === 'patch-begin') machine.memory.footprint?.observedOthers();
    if (this.state.length === 0) return;
    if (event.kind === 'instruction') this.executed(event, machine);
    if (event.kind !== 'patch-begin') return;
    const site = this.sites.siteOf(event.patch);
    const versions = versionsOf(site < 0 ? undefined : this.sites.text(site).open);
    this.state = mapped(this.state, (pass) =>
      pass.site === site ? { ...pass, outlivedBegin: true, candidates: [...pass.candidates, ...versions] } : pass,
    );
  }

  private executed({ cpu, rip, bytes, exception }: InstructionEvent, machine: Machine): void {
    const { depth } = machine.context(cpu);
    const owner = machine.tasks.owner(cpu);
    this.state = mapped(this.state, (pass) => {
      if (pass.owner !== owner || pass.depth !== depth) return pass;
      const atStart = this.sites.sites[pass.site]?.address === rip && exception === undefined;
      const candidate =
        pass.executed === undefined && atStart
          ? pass.candidates.find((version) => sameBytes(version, bytes))
          : undefined;
      const executed = candidate ?? 'something else';
      const raised = pass.raised || (exception !== undefined && this.isOfCandidate(pass, rip, bytes));
      return executed === pass.executed && raised === pass.raised ? pass : { ...pass, executed, raised };
    });
  }

  /** Whether an instruction is one of those that a candidate consists of, at its place. */
  private isOfCandidate({ site, candidates }: SitePass, rip: bigint, bytes: Uint8Array): boolean {
    const offset = Number(rip - (this.sites.sites[site]?.address ?? rip));
    return candidates.some((version) => {
      const own = siteVersion(version).instructions.get(offset);
      return own !== undefined && sameBytes(own, bytes);
    });
  }

  after(cpu: number, machine: Machine): void {
    if (this.ended !== NONE) this.ended = NONE;
    if (this.state.length === 0) return;
    const { depth } = machine.context(cpu);
    const owner = machine.tasks.owner(cpu);
    const { rip } = machine.state(cpu);
    const over = this.state.filter((pass) => pass.owner === owner && this.isOver(pass, depth, rip));
    if (over.length === 0) return;
    this.state = this.state.filter((pass) => !over.includes(pass));
    // A context that is gone, with what it was doing, did not come out.
    this.ended = over.flatMap((pass) => {
      const site = this.sites.sites[pass.site];
      return pass.depth > depth || site === undefined ? [] : [new EndedPass(pass, site, cpu, machine)];
    });
  }

  /** The first finding that a judge of passes has about those that ended in the last step. */
  finding(judge: (ended: EndedPass) => Finding | undefined): Finding | undefined {
    for (const ended of this.ended) {
      const finding = judge(ended);
      if (finding !== undefined) return finding;
    }
    return undefined;
  }

  private isOver(pass: SitePass, depth: number, rip: bigint): boolean {
    if (pass.depth !== depth) return pass.depth > depth;
    const site = this.sites.sites[pass.site];
    return !(site !== undefined && contains(site, rip)) && !this.detours.some((detour) => isInside(detour, rip));
  }

  save(): unknown {
    return this.state;
  }

  renamed(state: unknown, renaming: Renaming): unknown {
    const passes = renamedContexts(state as readonly SitePass[], renaming);
    return passes.map((pass) => ({ ...pass, cpu: renaming.cpu(pass.cpu) }));
  }

  concerning(state: unknown, who: Executing): unknown {
    return ownContexts(state as readonly SitePass[], who);
  }

  restore(state: unknown): void {
    this.state = state as readonly SitePass[];
    this.ended = NONE;
  }
}

const NONE: readonly EndedPass[] = [];

/** A list with each of its members replaced by what is made of it; the same list if all stay. */
function mapped<T>(list: readonly T[], change: (one: T) => T): readonly T[] {
  const all = list.map(change);
  return all.every((one, i) => one === list[i]) ? list : all;
}

/** The versions that a patch puts in the place of another: what is written, and what is emulated meanwhile. */
export function versionsOf(patch: Patch | undefined): Uint8Array[] {
  return patch === undefined ? [] : [patch.bytes, ...(patch.emulate === undefined ? [] : [patch.emulate])];
}

/** Whether two copies of a CPU's cells mean the same registers and flags. */
function sameRegisters(a: Uint8Array, b: Uint8Array): boolean {
  const [one, other] = [a, b].map((cells) => {
    const { gprs, xmm, rflags } = registersOfCells(cells);
    return [...gprs.values(), ...xmm, rflags];
  });
  return one?.every((value, i) => value === other?.[i]) ?? false;
}
