import { cpuBase, GPR_NAMES } from '../cpu/cells.js';
import type { Machine } from '../machine/machine.js';
import { type Effect, expectedEffect, type Registers, registersOf } from './expected-effect.js';
import { hexAddress } from './monitor.js';
import { type Site, sameBytes } from './site.js';

/** A context on its way through a site: from where it starts fetching there to its first boundary outside. */
export interface SitePass {
  /** Whose context it is: a task's, across migrations, or an idle CPU's. */
  readonly owner: number;
  readonly depth: number;
  readonly site: number;
  /** The CPU that fetched at the start of the site; the last one, when a handler sent the context back there. */
  readonly cpu: number;
  /** That CPU's cells when it started. */
  readonly entry: Uint8Array;
  /** A patch of the site has begun since: an effect of the pass may be that of an earlier version of the same bytes. */
  readonly outlivedBegin: boolean;
  /** Versions whose effect the pass may have: in force at its start, and of patches open since. */
  readonly candidates: readonly Uint8Array[];
  /** The candidate that its only instruction was, whole and without an exception; undefined before there was one. */
  readonly executed: Uint8Array | 'something else' | undefined;
  /** An instruction of a candidate was executed as it is and raised an exception: the rest is what its handler made of it. */
  readonly raised: boolean;
}

/** What a version would have done, and how what is there differs from it. */
interface Comparison {
  readonly effect: Effect | undefined;
  readonly difference: string | undefined;
}

/** A pass that is over, and what it did to the context. */
export class EndedPass {
  private at: Registers | undefined;
  private readonly compared = new Map<Uint8Array, Comparison>();

  /** @param cpu where it ended */
  constructor(
    readonly pass: SitePass,
    readonly site: Site,
    readonly cpu: number,
    private readonly machine: Machine,
  ) {}

  /** The registers at the first boundary outside the site; to be asked for before the next step. */
  get registers(): Registers {
    const { linear } = this.machine.memory;
    const base = cpuBase(this.cpu);
    this.at ??= registersOf(this.machine.state(this.cpu).rip, (offset) => linear.uint64(base + offset));
    return this.at;
  }

  /** A whole candidate that is executed has that candidate's effect: both are the same definition on the same state. */
  get isDirect(): boolean {
    return this.pass.executed instanceof Uint8Array;
  }

  /** Whether a version of the site was what the pass executed. */
  executed(version: Uint8Array): boolean {
    const { executed } = this.pass;
    return executed instanceof Uint8Array && sameBytes(executed, version);
  }

  /** Whether the pass had the effect of a version of the site. */
  had(version: Uint8Array): boolean {
    if (this.executed(version)) return true;
    const { effect, difference } = this.compare(version);
    return effect !== undefined && difference === undefined;
  }

  /**
   * The first difference between the effect of a version and what is there, in words; undefined when there is none, or
   * nobody can tell, because the version is outside the implemented set.
   */
  difference(version: Uint8Array): string | undefined {
    return this.compare(version).difference;
  }

  /** What a version does to the entry state; undefined when it does not get through. */
  effect(version: Uint8Array): Effect | undefined {
    return this.compare(version).effect;
  }

  private compare(version: Uint8Array): Comparison {
    const known = this.compared.get(version);
    if (known !== undefined) return known;
    const comparison = this.compareWith(
      expectedEffect(this.machine.memory, this.pass.entry, this.site.address, version),
    );
    this.compared.set(version, comparison);
    return comparison;
  }

  private compareWith(effect: ReturnType<typeof expectedEffect>): Comparison {
    if (effect === 'unknown') return { effect: undefined, difference: undefined };
    if (effect === 'raises') return { effect: undefined, difference: 'it would raise an exception' };
    return { effect, difference: this.firstDifference(effect) };
  }

  private firstDifference(expected: Effect): string | undefined {
    const { registers: got, site, machine } = this;
    const differs = (what: string, wanted: bigint, is: bigint): string | undefined =>
      wanted === is ? undefined : `${what} would be ${hexAddress(wanted)}, is ${hexAddress(is)}`;
    const keep = ~site.flagClobbers;
    const inRegisters = [
      differs('RIP', expected.rip, got.rip),
      ...GPR_NAMES.filter((name) => !site.clobbers.has(name)).map((name) =>
        differs(name.toUpperCase(), expected.gprs.get(name) ?? 0n, got.gprs.get(name) ?? 0n),
      ),
      ...expected.xmm.map((value, n) => differs(`XMM${n}`, value, got.xmm[n] ?? 0n)),
      differs('RFLAGS', expected.rflags & keep, got.rflags & keep),
    ].find((words) => words !== undefined);
    if (inRegisters !== undefined) return inRegisters;
    const rsp = got.gprs.get('rsp') ?? 0n;
    for (const [address, byte] of expected.writes) {
      if (address < rsp) machine.kernel.observedBelowRsp = true;
      const found = differs(`[${hexAddress(address)}]`, BigInt(byte), machine.memory.read(address, 1));
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
