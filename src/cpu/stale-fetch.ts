import { PAGE_SIZE } from '../memory/layout.js';
import type { Memory } from '../memory/memory.js';
import type { Rules } from '../profile/rules.js';
import { CELL, cpuBase } from './cells.js';
import { MAX_INSTRUCTION_LENGTH } from './decoded-instruction.js';
import { COHERENT, type FetchedBytes, type FetchRule } from './fetch.js';
import { type FetchChoice, fetchChoices } from './fetch-choices.js';

/** Floors of single units, by the pool offset of their start. */
export type UnitFloors = ReadonlyMap<number, number>;
const NO_BYTES = new Uint8Array();
const NO_FLOORS: UnitFloors = new Map();

/**
 * Instruction fetch that may be torn or stale: what each CPU may still fetch, and what it was chosen to fetch next. A
 * CPU's floor lies in its block; floors of units, which only the rule `per-unit` and a CPU's own stores to text need,
 * beside it.
 */
export class StaleFetch implements FetchRule {
  readonly name: string;
  private unitFloors: readonly UnitFloors[];
  /** What the next instruction at an address is to be made of. */
  private chosen: { readonly rip: bigint; readonly fetched: FetchedBytes } | undefined;

  constructor(
    private readonly memory: Memory,
    private readonly rules: Rules,
    cpus: number,
  ) {
    this.name = rules.fetch;
    this.unitFloors = Array.from({ length: cpus }, () => NO_FLOORS);
  }

  fetch(memory: Memory, cpu: number, rip: bigint): FetchedBytes {
    return this.chosen?.rip === rip ? this.chosen.fetched : COHERENT.fetch(memory, cpu, rip);
  }

  mayDiffer(memory: Memory, offset: number): boolean {
    return memory.text.mayHaveVersions(offset);
  }

  /**
   * What a CPU may fetch at an address; undefined when there is nothing to choose because no byte there has versions.
   */
  choices(cpu: number, rip: bigint): readonly FetchChoice[] | undefined {
    const first = this.memory.translate(rip, 'execute');
    if (first === 0) return undefined;
    // The window lies in one line or two; a second one on the next page may be anywhere in the pool.
    const last = first + MAX_INSTRUCTION_LENGTH - 1;
    const crosses = ((first ^ last) & -PAGE_SIZE) !== 0;
    const second = crosses ? this.memory.translate(rip + BigInt(last - first), 'execute') : last;
    const { written, footprint } = this.memory;
    // A line that was never written has no versions in any state.
    if (written.lineOf(first) !== undefined || written.lineOf(second) !== undefined) footprint?.fetched();
    if (!this.mayDiffer(this.memory, first) && !this.mayDiffer(this.memory, second)) return undefined;
    const { fetch: rule, unit } = this.rules;
    return fetchChoices(this.memory, rip, { rule, unit, floorOf: (start) => this.floorOf(cpu, start) });
  }

  /** Whether a fetch, as of these text times, gives the bytes that memory holds. */
  isCurrent(cpu: number, rip: bigint, times: readonly number[]): boolean {
    const choice = this.choices(cpu, rip)?.find((other) => String(other.times) === String(times));
    const { bytes = NO_BYTES, offsets = [] } = choice?.fetched ?? {};
    const length = choice?.byteTimes.length ?? 0;
    const { u8 } = this.memory.linear;
    return offsets.slice(0, length).every((offset, i) => u8[offset] === bytes[i]);
  }

  /** What mapped bytes of text were, at each text time as of which a CPU may still read them; without repetitions. */
  contents(cpu: number, address: bigint, length: number): Uint8Array[] {
    const { text, linear } = this.memory;
    this.memory.footprint?.fetched();
    const offsets = Array.from({ length }, (_, i) => this.memory.offsetOf(address + BigInt(i)));
    const found = new Map<string, Uint8Array>();
    for (let time = this.floor(cpu); time <= text.now; time++) {
      const bytes = Uint8Array.from(offsets, (offset) => {
        const least = Math.max(time, this.floorOf(cpu, offset & ~(this.rules.unit - 1)));
        return text.valueAt(offset, least) ?? linear.u8[offset] ?? 0;
      });
      found.set(bytes.join(), bytes);
    }
    return [...found.values()];
  }

  /** Makes the next instruction, which is at `rip`, consist of what was chosen. */
  choose(rip: bigint, choice: FetchChoice | undefined): void {
    this.chosen = choice === undefined ? undefined : { rip, fetched: choice.fetched };
  }

  /** The instruction is executed, of what was chosen for it: the floors follow. */
  executed(cpu: number, choice: FetchChoice | undefined): void {
    this.chosen = undefined;
    const { fetch: rule } = this.rules;
    if (rule === 'torn') this.catchUp(cpu);
    if (choice === undefined) return;
    if (rule === 'monotone') this.setFloor(cpu, Math.max(this.floor(cpu), choice.times.at(-1) ?? 0));
    if (rule === 'per-unit') this.raiseUnits(cpu, choice);
  }

  /** The CPU accepted an interrupt: under `torn` nothing fetched before remains. */
  accepted(cpu: number): void {
    if (this.rules.fetch === 'torn') this.catchUp(cpu);
  }

  private catchUp(cpu: number): void {
    this.memory.footprint?.raisedFloor();
    this.setFloor(cpu, this.memory.text.now);
  }

  /** A serialising event: the CPU's fetches begin anew from what is there now. */
  serialized(cpu: number): void {
    this.catchUp(cpu);
    this.followFloors();
    if ((this.unitFloors[cpu]?.size ?? 0) > 0) this.unitFloors = this.unitFloors.with(cpu, NO_FLOORS);
  }

  /**
   * The CPU itself stored to text (rule smc-coherent): it will fetch no older version of these units. Where it stored
   * through another linear address, as procedures always do (poking_mm), only if the profile says so.
   */
  ownStore(cpu: number, address: bigint, length: number, through: 'same' | 'alias'): void {
    if (through === 'alias' && !this.rules.smcCoherentAcrossAliases) return;
    this.memory.footprint?.raisedFloor();
    const units = new Map(this.unitFloors[cpu] ?? NO_FLOORS);
    for (let i = 0; i < length; i++) {
      units.set(this.memory.offsetOf(address + BigInt(i)) & ~(this.rules.unit - 1), this.memory.text.now);
    }
    this.unitFloors = this.unitFloors.with(cpu, units);
  }

  private raiseUnits(cpu: number, choice: FetchChoice): void {
    const units = new Map(this.unitFloors[cpu] ?? NO_FLOORS);
    let last = -1;
    let index = -1;
    for (const offset of choice.fetched.offsets) {
      const unit = offset & ~(this.rules.unit - 1);
      if (unit !== last) index++;
      last = unit;
      // The instruction may have stored to its own unit.
      units.set(unit, Math.max(units.get(unit) ?? 0, choice.times[index] ?? 0));
    }
    this.unitFloors = this.unitFloors.with(cpu, units);
  }

  /** What every CPU has left behind may be forgotten. */
  private followFloors(): void {
    this.memory.text.floor = Math.min(...this.unitFloors.map((_, cpu) => this.floor(cpu)));
  }

  private floorOf(cpu: number, unit: number): number {
    return Math.max(this.floor(cpu), this.unitFloors[cpu]?.get(unit) ?? 0);
  }

  /** The text time before which a CPU fetches nothing any more. */
  floor(cpu: number): number {
    return this.memory.linear.int32(cpuBase(cpu) + CELL.fetchFloor);
  }

  setFloor(cpu: number, time: number): void {
    this.memory.linear.setInt32(cpuBase(cpu) + CELL.fetchFloor, time);
  }

  /** The floors of units; those of CPUs are in their blocks. */
  save(): readonly UnitFloors[] {
    return this.unitFloors;
  }

  restore(unitFloors: readonly UnitFloors[]): void {
    this.unitFloors = unitFloors;
    this.chosen = undefined;
    this.followFloors();
  }
}
