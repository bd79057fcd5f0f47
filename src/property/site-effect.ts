import { cpuBase, GPR_NAMES } from '../cpu/cells.js';
import type { InstructionEvent, MachineEvent } from '../machine/event.js';
import type { Machine } from '../machine/machine.js';
import type { Patch } from '../machine/patch.js';
import { CELLS_SIZE, type Effect, expectedEffect, type Registers, registersOf } from './expected-effect.js';
import { hex, hexAddress } from './monitor.js';
import { isInside, type ReusedRange } from './reused-range.js';
import { contains, type Site, sameBytes } from './site.js';
import { isIn, type SiteTracker } from './site-tracker.js';
import { StatefulMonitor } from './stateful-monitor.js';
import type { Finding } from './violation.js';

/** A context on its way through a site. */
interface Pass {
  /** Whose context it is: a task's, across migrations, or an idle CPU's. */
  readonly owner: number;
  readonly depth: number;
  readonly site: number;
  /** The CPU's cells when it started fetching. */
  readonly entry: Uint8Array;
  /** Versions whose effect the pass may have: in force at its start, and of patches open since. */
  readonly candidates: readonly Uint8Array[];
  /** Its first instruction was a candidate, whole, and ended without an exception; undefined before there was one. */
  readonly direct: boolean | undefined;
}

/**
 * P3 `site-effect`: from where a context starts fetching at a site to its first boundary outside site and handler frames,
 * exactly the effect of OLD, NEW or the declared `emulate` happens: RIP, RSP, registers that the site does not clobber,
 * flags that it does not clobber, IF, and what is written to the stack.
 */
export class SiteEffect extends StatefulMonitor<readonly Pass[]> {
  override readonly property = 'site-effect';

  /** @param detours text, like stubs, that belongs to a pass. */
  constructor(
    private readonly tracker: SiteTracker,
    private readonly detours: readonly ReusedRange[] = [],
  ) {
    super([]);
  }

  before(cpu: number, machine: Machine): void {
    const { rip } = machine.state(cpu);
    const site = this.tracker.sites.findIndex(({ address }) => address === rip);
    const { depth } = machine.context(cpu);
    if (site < 0) return;
    const owner = machine.tasks.owner(cpu);
    const base = cpuBase(cpu);
    const entry = machine.memory.linear.u8.slice(base, base + CELLS_SIZE);
    const begun = this.state.find((pass) => pass.owner === owner && pass.depth === depth);
    if (begun !== undefined) {
      // A handler that retries went back to the start with nothing done: what is executed now counts, not the INT3.
      if (begun.direct === false && begun.site === site && sameRegisters(begun.entry, entry)) {
        this.state = this.state.with(this.state.indexOf(begun), { ...begun, direct: undefined });
      }
      return;
    }
    const { current, open, replaced, unsettled } = this.tracker.text(site);
    // The fetch of a CPU's first step after a return began before it, when what was replaced was in force.
    const before = replaced !== undefined && isIn(unsettled, cpu) ? [replaced.bytes] : [];
    const candidates = [current.bytes, ...before, ...versionsOf(open)];
    this.state = [...this.state, { owner, depth, site, entry, candidates, direct: undefined }];
  }

  observe(event: MachineEvent, machine: Machine): undefined {
    if (this.state.length === 0) return;
    if (event.kind === 'instruction') this.executed(event, machine);
    if (event.kind !== 'patch-begin') return;
    const site = this.tracker.siteOf(event.patch);
    const versions = versionsOf(site < 0 ? undefined : this.tracker.text(site).open);
    this.state = this.state.map((pass) =>
      pass.site === site ? { ...pass, candidates: [...pass.candidates, ...versions] } : pass,
    );
  }

  /** A whole candidate executed at the site has that candidate's effect: both are the same definition on the same state. */
  private executed({ cpu, rip, bytes, exception }: InstructionEvent, machine: Machine): void {
    const { depth } = machine.context(cpu);
    const owner = machine.tasks.owner(cpu);
    this.state = this.state.map((pass) => {
      if (pass.owner !== owner || pass.depth !== depth) return pass;
      const atStart = this.tracker.sites[pass.site]?.address === rip && exception === undefined;
      const direct =
        pass.direct === undefined && atStart && pass.candidates.some((version) => sameBytes(version, bytes));
      return direct === pass.direct ? pass : { ...pass, direct };
    });
  }

  private isOnItsWay(site: Site, rip: bigint): boolean {
    return contains(site, rip) || this.detours.some((detour) => isInside(detour, rip));
  }

  after(cpu: number, machine: Machine): Finding | undefined {
    if (this.state.length === 0) return undefined;
    const { depth } = machine.context(cpu);
    const owner = machine.tasks.owner(cpu);
    const mine = this.state.findLast((pass) => pass.owner === owner);
    if (mine === undefined || depth > mine.depth) return undefined;
    const site = this.tracker.sites[mine.site];
    if (site === undefined || (depth === mine.depth && this.isOnItsWay(site, machine.state(cpu).rip))) return undefined;
    this.state = this.state.filter((pass) => pass !== mine);
    return depth < mine.depth || mine.direct ? undefined : check(cpu, mine, site, machine);
  }
}

/** Whether two copies of a CPU's cells mean the same registers and flags. */
function sameRegisters(a: Uint8Array, b: Uint8Array): boolean {
  const [one, other] = [a, b].map((cells) => {
    const view = new DataView(cells.buffer, cells.byteOffset);
    const { gprs, rflags } = registersOf(0n, (offset) => view.getBigUint64(offset, true));
    return [...gprs.values(), rflags];
  });
  return one?.every((value, i) => value === other?.[i]) ?? false;
}

function versionsOf(patch: Patch | undefined): Uint8Array[] {
  return patch === undefined ? [] : [patch.bytes, ...(patch.emulate === undefined ? [] : [patch.emulate])];
}

function check(cpu: number, pass: Pass, site: Site, machine: Machine): Finding | undefined {
  const { memory } = machine;
  const base = cpuBase(cpu);
  const got = registersOf(machine.state(cpu).rip, (offset) => memory.linear.uint64(base + offset));
  const effects = pass.candidates.map((version) => expectedEffect(memory, pass.entry, site.address, version));
  const differences = effects.map((effect) =>
    effect === undefined ? undefined : difference(effect, got, site, machine),
  );
  if (differences.some((found) => found === undefined)) return undefined;
  const versions = pass.candidates.map((version, i) => `"${hex(version)}" (${differences[i]})`).join(' nor of ');
  return {
    cpu: cpu,
    address: site.address,
    bytes: memory.bytes(site.address, site.length),
    message: `CPU ${cpu} went through ${site.symbol} with neither the effect of ${versions}`,
  };
}

/** The first difference between an expected effect and what is there, in words; undefined when there is none. */
function difference(expected: Effect, got: Registers, site: Site, machine: Machine): string | undefined {
  const differs = (what: string, wanted: bigint, is: bigint): string | undefined =>
    wanted === is ? undefined : `${what} would be ${hexAddress(wanted)}, is ${hexAddress(is)}`;
  const keep = ~site.flagClobbers;
  const found = [
    differs('RIP', expected.rip, got.rip),
    ...GPR_NAMES.filter((name) => !site.clobbers.has(name)).map((name) =>
      differs(name.toUpperCase(), expected.gprs.get(name) ?? 0n, got.gprs.get(name) ?? 0n),
    ),
    differs('RFLAGS', expected.rflags & keep, got.rflags & keep),
    ...[...expected.writes].map(([address, byte]) =>
      differs(`[${hexAddress(address)}]`, BigInt(byte), machine.memory.read(address, 1)),
    ),
  ];
  return found.find((words) => words !== undefined);
}
