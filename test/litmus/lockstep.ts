import { MAX_INSTRUCTION_LENGTH } from '../../src/cpu/decoded-instruction.js';
import type { InstructionEvent, MachineEvent, TextStoreEvent } from '../../src/machine/event.js';
import type { Machine } from '../../src/machine/machine.js';
import type { Step } from '../../src/machine/step.js';
import type { Rules } from '../../src/profile/rules.js';
import { bytesNeeded, NaiveFetch, type NaiveFetched, type NaiveState } from './naive-fetch.js';

/** What the naive reference says of an instruction step that was applied. */
export interface Executed {
  readonly bytes: string;
  readonly undefined: boolean;
}

/**
 * The naive reference beside a machine: told what happens, by the machine's events, it says what may be fetched. Its
 * places are linear addresses.
 */
export class Lockstep {
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
    machine.observe({ instructions: 'all', observe: (event) => this.events.push(event) });
  }

  get state(): NaiveState {
    return this.naive.state;
  }

  set state(state: NaiveState) {
    this.naive.state = state;
  }

  /** Every result that the next fetch of a CPU may have, as hex digits. */
  allowed(cpu: number): string[] {
    return this.fetch(cpu).map(({ bytes }) => hex(bytes));
  }

  /** Applies a step to the machine and to the reference; undefined when it was not an instruction. */
  apply(step: Step): Executed | undefined {
    const isInstruction = step.kind === 'instruction';
    const places = isInstruction ? this.window(step.cpu) : [];
    const fetched = isInstruction ? this.fetch(step.cpu) : [];
    this.events.length = 0;
    this.machine.apply(step);
    const instruction = this.events.find((event): event is InstructionEvent => event.kind === 'instruction');
    const executed = instruction && this.executed(instruction, places, fetched);
    for (const event of this.events) this.follow(event, step);
    this.naive.boundary(step.cpu);
    return executed;
  }

  private executed(event: InstructionEvent, places: readonly number[], fetched: readonly NaiveFetched[]): Executed {
    const all = Array.from(event.bytes);
    const bytes = all.slice(0, bytesNeeded(all));
    const own = fetched.find((one) => hex(one.bytes) === hex(bytes));
    const undefinedXmc = this.naive.isUndefined(event.cpu, places.slice(0, bytes.length));
    if (own !== undefined) this.naive.took(event.cpu, places, own);
    return { bytes: hex(bytes), undefined: undefinedXmc };
  }

  private follow(event: MachineEvent, step: Step): void {
    if (event.kind === 'serialize') this.naive.serialise(event.cpu);
    if (event.kind !== 'text-store') return;
    const bytes = changedBytes(event);
    for (const place of bytes.keys()) {
      if (!this.initial.has(place)) this.initial.set(place, event.before[place - Number(event.address)] ?? 0);
    }
    this.naive.store(event.cpu, bytes);
    // A procedure stores through an alias of the page.
    const stored = Array.from(event.after, (_, i) => Number(event.address) + i);
    const isGuest = step.kind === 'instruction' || step.kind === 'store';
    if ((isGuest && event.alias === undefined) || this.rules.smcCoherentAcrossAliases)
      this.naive.ownStore(event.cpu, stored);
  }

  private fetch(cpu: number): readonly NaiveFetched[] {
    const { events, floors } = this.state;
    const places = this.window(cpu);
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
  private window(cpu: number): number[] {
    const { rip } = this.machine.state(cpu);
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
