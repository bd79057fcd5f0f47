import { grown, type InternedWords } from '../memory/interned-words.js';
import { canonicalValue } from './canonical-value.js';
import type { Delivery, Stop } from './delivery.js';
import type { Observers } from './observers.js';
import type { Renaming } from './renaming.js';

type States = readonly (readonly unknown[])[];

/** What watches a machine, as far as its state goes: a list of immutable data for each. */
export interface ObservedStates {
  save(): States;
  restore(states: States): void;
  /** The same states with CPUs renamed. */
  renamed(states: States, renaming: Renaming): States;
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
  };
}

/** The states of the observers as one number: equal for equal data. */
export class ObserverStates {
  /** What was numbered last, and its number. */
  private last: States = [];
  private number = -1;
  /** By number. */
  private readonly states: States[] = [];
  /** The numbers of single data, by identity and by content. */
  private readonly known = new WeakMap<object, number>();
  private readonly texts = new Map<string, number>();
  private scratch = new Int32Array(16);

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
    this.states[this.number] ??= states;
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
    const renamed = this.numberOf(states);
    this.states[renamed] ??= states;
    return renamed;
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
    const isObject = typeof datum === 'object' && datum !== null;
    const known = isObject ? this.known.get(datum) : undefined;
    if (known !== undefined) return known;
    const text = canonicalValue(datum);
    const number = this.texts.get(text) ?? this.texts.size;
    this.texts.set(text, number);
    if (isObject) this.known.set(datum, number);
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
