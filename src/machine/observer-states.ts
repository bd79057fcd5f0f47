import { Int32List } from '../memory/int32-list.js';
import { grown, type InternedWords } from '../memory/interned-words.js';
import { MAX_CPUS, MAX_TASKS } from '../memory/layout.js';
import { canonicalValue } from './canonical-value.js';
import type { Delivery, Stop } from './delivery.js';
import type { Executing } from './observer.js';
import type { Observers } from './observers.js';
import type { Renaming } from './renaming.js';

/** A list of data for each observer. */
export type States = readonly (readonly unknown[])[];

/** What watches a machine, as far as its state goes: a list of immutable data for each. */
export interface ObservedStates {
  save(): States;
  restore(states: States): void;
  /** The same states with CPUs renamed. */
  renamed(states: States, renaming: Renaming): States;
  /** What of the states concerns who executes, as long as it is about itself. */
  concerning(states: States, who: Executing): States;
}

/** What {@link ObserverStates.save} gives. */
export interface SavedObservers {
  readonly numbers: readonly number[];
  readonly data: readonly unknown[];
}

/** The states of a machine's observers, and that a CPU stopped for good. */
export function observedStates(observers: Observers, delivery: Delivery): ObservedStates {
  return {
    save: () => [[delivery.stopped], ...observers.save()],
    restore: ([stopped, ...states]) => {
      delivery.stopped = stopped?.[0] as Stop | undefined;
      observers.restore(states);
    },
    renamed: ([stopped, ...states], renaming) => {
      const stop = stopped?.[0] as Stop | undefined;
      const renamed = stop && { ...stop, cpu: renaming.cpu(stop.cpu) };
      return [[renamed], ...observers.renamed(states, renaming)];
    },
    concerning: ([stopped = [], ...states], who) => [stopped, ...observers.concerning(states, who)],
  };
}

/** The states of the observers as one number: equal for equal data. */
export class ObserverStates {
  /** What was numbered last, and its number. */
  private last: States = [];
  private number = -1;
  /** By number, and the numbers in the order of first sight. */
  private readonly states: States[] = [];
  private readonly numbers: number[] = [];
  /** The numbers of single data: by identity of those in {@link data}, and by content. */
  private readonly known = new Map<unknown, number>();
  private readonly texts = new Map<string, number>();
  /** By number. */
  private readonly data: unknown[] = [];
  private scratch = new Int32Array(16);
  /** See {@link concerning}: by who executes and by states, 1 more than it is; and by what it is. */
  private readonly concerns: (Int32List | undefined)[] = new Array(MAX_CPUS * (MAX_CPUS + MAX_TASKS)).fill(undefined);
  private readonly concernTexts = new Map<string, number>();

  constructor(
    private readonly observers: ObservedStates,
    private readonly words: InternedWords,
  ) {}

  /** The number of the states that the observers are in. */
  read(): number {
    const states = this.observers.save();
    if (this.number >= 0 && isSame(states, this.last)) return this.number;
    this.last = states;
    this.number = this.numberOf(states);
    this.keep(this.number, states);
    return this.number;
  }

  /** Puts the observers into the states of a number. */
  write(number: number): void {
    if (number === this.number && isSame(this.observers.save(), this.last)) return;
    this.last = this.states[number] ?? [];
    this.number = number;
    this.observers.restore(this.last);
  }

  /** The number of the same states with CPUs renamed. */
  renamed(number: number, renaming: Renaming): number {
    const states = this.observers.renamed(this.states[number] ?? [], renaming);
    return this.adopt(states);
  }

  /** The numbers of all states so far, whose words list the numbers of their data; and the data by number. */
  save(): SavedObservers {
    return { numbers: this.numbers, data: this.data };
  }

  load({ numbers, data }: SavedObservers): void {
    data.forEach((datum, number) => {
      if (this.numberOfDatum(datum) !== number) throw new Error('the data are others');
    });
    for (const number of numbers) if (this.states[number] === undefined) this.keep(number, this.parse(number));
  }

  /** The states that were numbered, from the `from`-th on, with their numbers. */
  since(from: number): readonly (readonly [number, States])[] {
    return this.numbers.slice(from).map((number) => [number, this.states[number] ?? []]);
  }

  /** How many were numbered. */
  get count(): number {
    return this.numbers.length;
  }

  /** The number of states that the observers may have been in elsewhere. */
  adopt(states: States): number {
    const number = this.numberOf(states);
    this.keep(number, states);
    return number;
  }

  private keep(number: number, states: States): void {
    if (this.states[number] !== undefined) return;
    // Equal data are one object, which is known by its identity.
    this.states[number] = states.map((list) => list.map((datum) => this.data[this.numberOfDatum(datum)]));
    this.numbers.push(number);
  }

  /**
   * A number for what of the states with a number concerns who executes on a CPU, as long as it is about itself: equal for
   * equal data. It means nothing elsewhere.
   */
  concerning(number: number, who: Executing): number {
    // Who idles is nobody's task: -1 - CPU.
    const key = (MAX_CPUS + who.owner) * MAX_CPUS + who.cpu;
    const known = (this.concerns[key]?.at(number) ?? 0) - 1;
    return known >= 0 ? known : this.numberConcern(key, number, who);
  }

  private numberConcern(key: number, number: number, who: Executing): number {
    const text = canonicalValue(this.observers.concerning(this.states[number] ?? [], who));
    const made = this.concernTexts.get(text) ?? this.concernTexts.size;
    this.concernTexts.set(text, made);
    const concerns = this.concerns[key] ?? new Int32List();
    concerns.set(number, made + 1);
    this.concerns[key] = concerns;
    return made;
  }

  /** The inverse of {@link numberOf}. */
  private parse(number: number): States {
    const start = this.words.start(number);
    const list = this.words.words.subarray(start, start + this.words.lengthOf(number));
    const states: unknown[][] = [];
    for (let at = 0; at < list.length; ) {
      const length = -(list[at++] ?? 0);
      states.push(Array.from(list.subarray(at, at + length), (datum) => this.data[datum]));
      at += length;
    }
    return states;
  }

  private numberOf(states: States): number {
    let length = 0;
    for (const list of states) {
      if (length + list.length + 1 > this.scratch.length) this.scratch = grown(this.scratch, length + list.length + 1);
      this.scratch[length++] = -list.length;
      for (const datum of list) this.scratch[length++] = this.numberOfDatum(datum);
    }
    return this.words.intern(this.scratch, length);
  }

  private numberOfDatum(datum: unknown): number {
    const known = this.known.get(datum);
    if (known !== undefined) return known;
    // What a list consists of is often known, though the list is another one.
    const text = Array.isArray(datum)
      ? `[${datum.map((each) => this.numberOfDatum(each)).join()}]`
      : canonicalValue(datum);
    const number = this.texts.get(text) ?? this.texts.size;
    this.texts.set(text, number);
    if (number < this.data.length) return number;
    const kept = Array.isArray(datum) ? datum.map((each) => this.data[this.numberOfDatum(each)]) : datum;
    this.data.push(kept);
    this.known.set(kept, number);
    return number;
  }
}

function isSame(a: States, b: States): boolean {
  for (let i = 0; i < a.length; i++) {
    const [one = [], other = []] = [a[i], b[i]];
    if (one.length !== other.length) return false;
    for (let j = 0; j < one.length; j++) if (one[j] !== other[j]) return false;
  }
  return a.length === b.length;
}
