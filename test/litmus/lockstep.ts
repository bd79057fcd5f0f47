import { MAX_INSTRUCTION_LENGTH } from '../../src/cpu/decoded-instruction.js';
import type { InstructionEvent, MachineEvent, TextStoreEvent } from '../../src/machine/event.js';
import type { Machine } from '../../src/machine/machine.js';
import type { Observer } from '../../src/machine/observer.js';
import type { Rules } from '../../src/profile/rules.js';
import { bytesNeeded, NaiveFetch, type NaiveFetched, type NaiveState } from './naive-fetch.js';

/** What the naive reference says of an instruction that was executed. */
export interface Executed {
  readonly bytes: string;
  readonly undefined: boolean;
}

/**
 * The naive reference beside a machine, which it observes: told what happens, it says what may be fetched. Its state is
 * saved and restored with that of the machine. Its places are linear addresses.
 */
export class Lockstep implements Observer {
  readonly instructions = 'all';
  /** The instruction of the last step; undefined when that was none. */
  last: Executed | undefined;
  readonly naive: NaiveFetch;
  private readonly events: MachineEvent[] = [];
  /** What bytes were before the first store to them, in any schedule. */
  private readonly initial = new Map<number, number>();
  /** Fetches were asked for before in the same state of the reference. */
  private readonly fetches = new Map<string, readonly NaiveFetched[]>();

  constructor(
    private readonly machine: Machine,
    private readonly rules: Rules,
  ) {
    const { memory } = machine;
    this.naive = new NaiveFetch(
      rules.fetch,
      rules.unit,
      machine.cpuCount,
      (place) => this.initial.get(place) ?? Number(memory.read(BigInt(place), 1)),
    );
    machine.observe(this);
  }

  save(): unknown[] {
    return [this.naive.state];
  }

  restore([state]: readonly unknown[]): void {
    this.naive.state = state as NaiveState;
    this.events.length = 0;
  }

  /** Every result that the next fetch of a CPU may have, as hex digits. */
  allowed(cpu: number): string[] {
    return this.fetch(cpu, this.machine.state(cpu).rip).map(({ bytes }) => hex(bytes));
  }

  observe(event: MachineEvent): void {
    this.events.push(event);
  }

  /** The step is done: its instruction was fetched first, then came what else happened. */
  after(cpu: number): void {
    const { events } = this;
    for (const event of events) if (event.kind === 'text-store') this.noteInitial(event);
    const instruction = events.find((event): event is InstructionEvent => event.kind === 'instruction');
    this.last = instruction && this.executed(instruction);
    const isGuest = !events.some(({ kind }) => kind === 'procedure-step');
    for (const event of events) this.follow(event, isGuest);
    this.naive.boundary(cpu);
    events.length = 0;
  }

  private executed(event: InstructionEvent): Executed {
    const places = this.window(event.rip);
    const fetched = this.fetch(event.cpu, event.rip);
    const all = Array.from(event.bytes);
    const bytes = all.slice(0, bytesNeeded(all));
    const own = fetched.find((one) => hex(one.bytes) === hex(bytes));
    const undefinedXmc = this.naive.isUndefined(event.cpu, places.slice(0, bytes.length));
    if (own !== undefined) this.naive.took(event.cpu, places, own);
    return { bytes: hex(bytes), undefined: undefinedXmc };
  }

  private noteInitial(event: TextStoreEvent): void {
    for (const place of changedBytes(event).keys()) {
      if (!this.initial.has(place)) this.initial.set(place, event.before[place - Number(event.address)] ?? 0);
    }
  }

  private follow(event: MachineEvent, isGuest: boolean): void {
    if (event.kind === 'serialize') this.naive.serialise(event.cpu);
    if (event.kind !== 'text-store') return;
    this.naive.store(event.cpu, changedBytes(event));
    // A procedure stores through an alias of the page.
    const stored = Array.from(event.after, (_, i) => Number(event.address) + i);
    if ((isGuest && event.alias === undefined) || this.rules.smcCoherentAcrossAliases)
      this.naive.ownStore(event.cpu, stored);
  }

  private fetch(cpu: number, rip: bigint): readonly NaiveFetched[] {
    const { events, floors } = this.naive.state;
    const places = this.window(rip);
    const own = floors[cpu];
    const history = events.map(({ bytes }) => [...bytes].join(':')).join(';');
    const key = [places[0], history, own?.all, ...(own?.units ?? [])].join('|');
    const known = this.fetches.get(key);
    if (known !== undefined) return known;
    const fetched = this.naive.fetch(cpu, places);
    this.fetches.set(key, fetched);
    return fetched;
  }

  /** Where the next instruction's bytes may lie: 15 of them, fewer before a page that cannot be executed. */
  private window(rip: bigint): number[] {
    const places: number[] = [];
    for (let i = 0n; i < MAX_INSTRUCTION_LENGTH && this.machine.memory.translate(rip + i, 'execute') !== 0; i++) {
      places.push(Number(rip + i));
    }
    return places;
  }
}

function changedBytes({ address, before, after }: TextStoreEvent): Map<number, number> {
  const all = Array.from(after, (byte, i): [number, number] => [Number(address) + i, byte]);
  return new Map(all.filter(([, byte], i) => byte !== before[i]));
}

const hex = (bytes: readonly number[]): string => Buffer.from(bytes).toString('hex');
