import { decode } from '../../src/cpu/decode.js';
import { MAX_INSTRUCTION_LENGTH } from '../../src/cpu/decoded-instruction.js';
import type { FetchRuleName } from '../../src/profile/rules.js';

/** One event that changed text: who stored, and the new value of each byte it changed. Event number i has text time i + 1. */
export interface TextEvent {
  readonly cpu: number | undefined;
  readonly bytes: ReadonlyMap<number, number>;
}

/** From which text time on a CPU sees text: all of it, and some units from a later time on. */
export interface NaiveFloors {
  readonly all: number;
  readonly units: ReadonlyMap<number, number>;
}

/** The whole past that a fetch depends on; immutable. */
export interface NaiveState {
  readonly events: readonly TextEvent[];
  readonly floors: readonly NaiveFloors[];
}

/** What a fetch may return: the bytes that the decoder needed, and every sequence of unit times that gives them. */
export interface NaiveFetched {
  readonly bytes: readonly number[];
  readonly sequences: readonly (readonly number[])[];
}

/** The position of a byte by its address: any numbering in which units are aligned as they are in memory. */
type Place = number;

/** What is being fetched, and by whom. */
interface Fetch {
  readonly cpu: number;
  readonly window: readonly Place[];
  readonly units: readonly number[];
}

const lengths = new Map<string, number | undefined>();

/** How many of the bytes the decoder looks at before it knows what they are; undefined when it wants more of them. */
export function bytesNeeded(bytes: readonly number[]): number | undefined {
  const key = String(bytes);
  if (!lengths.has(key)) {
    const tried = bytes.map((_, i) => i + 1);
    lengths.set(
      key,
      tried.find((length) => decode(Uint8Array.from(bytes.slice(0, length))).kind !== 'incomplete'),
    );
  }
  return lengths.get(key);
}

/**
 * The rules of instruction fetch, word for word, by brute force: every sequence (t_0 .. t_n) of text times is tried on the
 * full history and asked whether the rule allows it. Knows nothing of how the simulator finds its choices.
 */
export class NaiveFetch {
  state: NaiveState;

  constructor(
    private readonly rule: FetchRuleName,
    private readonly unit: number,
    cpus: number,
    /** The initial image. */
    private readonly initial: (place: Place) => number,
  ) {
    this.state = { events: [], floors: Array.from({ length: cpus }, () => ({ all: 0, units: new Map() })) };
  }

  /** The text time now. */
  get now(): number {
    return this.state.events.length;
  }

  // What happens

  /** "Every event that changes text advances one global text time." */
  store(cpu: number | undefined, bytes: ReadonlyMap<Place, number>): void {
    this.state = { ...this.state, events: [...this.state.events, { cpu, bytes }] };
  }

  /** "A CPU's own text store: rule smc-coherent raises that CPU's floor for those units." */
  ownStore(cpu: number, places: Iterable<Place>): void {
    const units = new Map(this.floors(cpu).units);
    for (const place of places) units.set(this.unitOf(place), this.now);
    this.setFloors(cpu, { all: this.floors(cpu).all, units });
  }

  /** "A serialising event sets the CPU's floors to now." */
  serialise(cpu: number): void {
    this.setFloors(cpu, { all: this.now, units: new Map() });
  }

  /** Torn: "floor := now after every instruction or accepted interrupt of that CPU". */
  boundary(cpu: number): void {
    if (this.rule === 'torn') this.serialise(cpu);
  }

  /** Sets the floors after a fetch, "using the least such sequence for the bytes chosen". */
  took(cpu: number, places: readonly Place[], fetched: NaiveFetched): void {
    const least = leastOf(fetched.sequences);
    const units = this.unitsOf(places);
    const { all, units: old } = this.floors(cpu);
    if (this.rule === 'monotone') this.setFloors(cpu, { all: Math.max(all, least.at(-1) ?? 0), units: old });
    if (this.rule === 'per-unit') {
      const raised = new Map(old);
      least.forEach((time, i) => {
        const unit = units[i];
        if (unit !== undefined) raised.set(unit, time);
      });
      this.setFloors(cpu, { all, units: raised });
    }
  }

  // What may be fetched

  /** Every result of a fetch of the bytes at these places, the first 15 of an instruction or fewer before a hole. */
  fetch(cpu: number, places: readonly Place[]): NaiveFetched[] {
    const window = places.slice(0, MAX_INSTRUCTION_LENGTH);
    const found = new Map<string, { bytes: readonly number[]; sequences: (readonly number[])[] }>();
    this.extend({ cpu, window, units: this.unitsOf(window) }, [], [], (bytes, times) => {
      const known = found.get(String(bytes));
      if (known === undefined) found.set(String(bytes), { bytes, sequences: [times] });
      else known.sequences.push(times);
    });
    return [...found.values()];
  }

  /** "Only the units that the decoder needs are read, in ascending order, unit i as of text time t_i." */
  private extend(
    fetch: Fetch,
    bytes: readonly number[],
    times: readonly number[],
    give: (bytes: readonly number[], times: readonly number[]) => void,
  ): void {
    const needed = bytesNeeded(bytes);
    const unit = fetch.units[times.length];
    if (needed !== undefined || unit === undefined) {
      // Where text ends before the instruction does, the unit that is not there is the last one.
      if (needed === undefined || this.mayEndWith(times)) give(bytes.slice(0, needed), times);
      return;
    }
    const inUnit = fetch.window.filter((place) => this.unitOf(place) === unit);
    for (let time = 0; time <= this.now; time++) {
      const longer = [...times, time];
      if (!this.mayBegin(fetch, longer)) continue;
      const read = inUnit.map((place) => this.valueAt(place, time));
      this.extend(fetch, [...bytes, ...read], longer, give);
    }
  }

  /** Whether the first units may be read as of these times. */
  private mayBegin({ cpu, units }: Fetch, times: readonly number[]): boolean {
    const { all, units: unitFloors } = this.floors(cpu);
    const aboveFloors = times.every((time, i) => time >= all && time >= (unitFloors.get(units[i] ?? -1) ?? 0));
    const ascending = times.every((time, i) => i === 0 || (times[i - 1] ?? 0) <= time);
    switch (this.rule) {
      case 'coherent':
        return times.every((time) => time === this.now);
      case 'torn':
      case 'monotone':
        return aboveFloors && ascending;
      case 'per-unit':
      case 'any':
      case 'undefined-xmc':
      case 'undefined-xmc-strict':
        return aboveFloors;
    }
  }

  /** Whether these may be the times of all units. */
  private mayEndWith(times: readonly number[]): boolean {
    return this.rule !== 'torn' || times.at(-1) === this.now;
  }

  /**
   * "An executed instruction has a byte that another CPU modified since this CPU's last serialisation, other than its first
   * byte changing to or from INT3"; the strict rule has no exemption.
   */
  isUndefined(cpu: number, executed: readonly Place[]): boolean {
    if (this.rule !== 'undefined-xmc' && this.rule !== 'undefined-xmc-strict') return false;
    return this.state.events.some((event, index) => {
      if (event.cpu === cpu || index + 1 <= this.floors(cpu).all) return false;
      return executed.some((place, i) => {
        const after = event.bytes.get(place);
        const before = this.valueAt(place, index);
        if (after === undefined || after === before) return false;
        const exempt = this.rule === 'undefined-xmc' && i === 0 && (after === 0xcc || before === 0xcc);
        return !exempt;
      });
    });
  }

  /** The text time of the version that a byte had at a text time. */
  versionTime(place: Place, time: number): number {
    for (let event = time - 1; event >= 0; event--) if (this.state.events[event]?.bytes.has(place)) return event + 1;
    return 0;
  }

  private valueAt(place: Place, time: number): number {
    for (let event = time - 1; event >= 0; event--) {
      const value = this.state.events[event]?.bytes.get(place);
      if (value !== undefined) return value;
    }
    return this.initial(place);
  }

  private unitOf(place: Place): number {
    return Math.floor(place / this.unit);
  }

  private unitsOf(places: readonly Place[]): number[] {
    return [...new Set(places.map((place) => this.unitOf(place)))];
  }

  private floors(cpu: number): NaiveFloors {
    const floors = this.state.floors[cpu];
    if (floors === undefined) throw new Error(`no CPU ${cpu}`);
    return floors;
  }

  private setFloors(cpu: number, floors: NaiveFloors): void {
    this.state = { ...this.state, floors: this.state.floors.map((old, other) => (other === cpu ? floors : old)) };
  }
}

/** The sequence that is nowhere later than any other; the rules always have one among those that give the same bytes. */
export function leastOf(sequences: readonly (readonly number[])[]): readonly number[] {
  const least = (sequences[0] ?? []).map((_, i) => Math.min(...sequences.map((times) => times[i] ?? 0)));
  if (!sequences.some((times) => String(times) === String(least))) throw new Error('no sequence is the least one');
  return least;
}
