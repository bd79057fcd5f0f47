import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CELL, cpuBase } from '../../src/cpu/cells.js';
import { type FetchChoice, fetchChoices } from '../../src/cpu/fetch-choices.js';
import { StaleFetch } from '../../src/cpu/stale-fetch.js';
import type { Memory } from '../../src/memory/memory.js';
import { bytesNeeded, leastOf, NaiveFetch, type NaiveFetched } from './naive-fetch.js';
import {
  changes,
  initialOf,
  memoryOf,
  type RandomStore,
  type RandomText,
  randomFrom,
  randomStore,
  randomStores,
  randomText,
  rulesOf,
  windowAt,
} from './random-text.js';

/** A result of a fetch: the bytes that the decoder needed, the times of their versions, the times of the units. */
interface Result {
  readonly bytes: string;
  readonly byteTimes: readonly number[];
  readonly times: readonly number[] | undefined;
}

const byBytes = (a: Result, b: Result): number => (a.bytes < b.bytes ? -1 : 1);

/** Under `torn` the last unit is as of now, whichever equal version is named; the floor does not depend on it. */
const timesOf = (text: RandomText, times: readonly number[]): readonly number[] | undefined =>
  text.rule === 'torn' ? undefined : times;

function naiveResults(text: RandomText, naive: NaiveFetch, window: readonly number[], found: NaiveFetched[]): Result[] {
  const units = [...new Set(window.map((place) => Math.floor(place / text.unit)))];
  const results = found.map(({ bytes, sequences }) => {
    const least = leastOf(sequences);
    const byteTimes = bytes.map((_, i) => {
      const place = window[i] ?? 0;
      return naive.versionTime(place, least[units.indexOf(Math.floor(place / text.unit))] ?? 0);
    });
    return { bytes: String(bytes), byteTimes, times: timesOf(text, least) };
  });
  return results.sort(byBytes);
}

const neededOf = (choice: FetchChoice): number[] => {
  const all = Array.from(choice.fetched.bytes);
  return all.slice(0, bytesNeeded(all));
};

/** What cannot be decoded may be offered once for each version of bytes that the decoder did not need: the oldest counts. */
function distinct(choices: readonly FetchChoice[]): FetchChoice[] {
  const results = new Map<string, FetchChoice>();
  for (const choice of choices) {
    const bytes = String(neededOf(choice));
    const known = results.get(bytes);
    if (known === undefined || isBefore(choice.times, known.times)) results.set(bytes, choice);
  }
  return [...results.values()];
}

function realResults(text: RandomText, choices: readonly FetchChoice[]): Result[] {
  const results = choices.map((choice) => {
    const bytes = neededOf(choice);
    return {
      bytes: String(bytes),
      byteTimes: choice.byteTimes.slice(0, bytes.length),
      times: timesOf(text, choice.times),
    };
  });
  return results.sort(byBytes);
}

const isBefore = (a: readonly number[], b: readonly number[]): boolean => a.every((time, i) => time <= (b[i] ?? 0));

/** Stores to memory and tells the reference; gives the places that were stored to. */
function store(text: RandomText, memory: Memory, naive: NaiveFetch, what: RandomStore): number[] {
  const changed = changes(text, memory, what);
  if (changed.size === 0) return [];
  memory.text.writer = what.cpu;
  const first = Math.min(...changed.keys());
  const last = Math.max(...changed.keys());
  const bytes = memory.bytes(BigInt(first), last - first + 1);
  for (const [place, value] of changed) bytes[place - first] = value;
  memory.storeBytes(BigInt(first), bytes);
  naive.store(what.cpu, changed);
  return Array.from(bytes, (_, i) => first + i);
}

describe('the results of a fetch', () => {
  it('are those of the brute-force reference, for every rule, unit, history and floor', () => {
    const scene = fc.record({
      text: randomText,
      stores: randomStores(3),
      from: randomFrom,
      floor: fc.nat(3),
      unitFloors: fc.array(fc.record({ at: fc.nat(23), time: fc.nat(3) }), { maxLength: 2 }),
    });
    fc.assert(
      fc.property(scene, ({ text, stores, from, floor, unitFloors }) => {
        const memory = memoryOf(text);
        const naive = new NaiveFetch(text.rule, text.unit, 1, initialOf(text));
        for (const one of stores) store(text, memory, naive, one);
        const all = Math.min(floor, naive.now);
        const units = new Map(
          unitFloors.map(({ at, time }) => [Math.floor((text.base + at) / text.unit), Math.min(time, naive.now)]),
        );
        naive.state = { ...naive.state, floors: [{ all, units }] };
        const window = windowAt(text, text.base + from);
        const choices = fetchChoices(memory, BigInt(text.base + from), {
          rule: text.rule,
          unit: text.unit,
          floorOf: (start) =>
            text.rule === 'coherent'
              ? naive.now
              : Math.max(all, units.get(Math.floor(Number(memory.addressOf(start)) / text.unit)) ?? 0),
        });
        expect(realResults(text, distinct(choices))).toEqual(naiveResults(text, naive, window, naive.fetch(0, window)));
      }),
      { numRuns: 700 },
    );
  });
});

/** Something that happens to the fetching of two CPUs. */
type Happening =
  | { readonly kind: 'execute'; readonly cpu: number; readonly from: number; readonly choice: number }
  | { readonly kind: 'execute and store'; readonly what: RandomStore; readonly from: number; readonly choice: number }
  | { readonly kind: 'poke'; readonly what: RandomStore }
  | { readonly kind: 'serialise' | 'accept'; readonly cpu: number }
  | { readonly kind: 'save' | 'restore' };

const cpu = fc.nat(1);
const from = randomFrom;
const choice = fc.nat(7);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('execute'), cpu, from, choice }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('execute and store'), what: randomStore, from, choice }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('poke'), what: randomStore }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('serialise', 'accept'), cpu }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('save', 'restore') }) },
);

/** The simulator's fetch and the reference, to which the same things happen. */
class Pair {
  readonly memory: Memory;
  readonly naive: NaiveFetch;
  readonly stale: StaleFetch;
  private readonly first: () => void;
  private again: () => void;

  constructor(private readonly text: RandomText) {
    this.memory = memoryOf(text);
    this.naive = new NaiveFetch(text.rule, text.unit, 2, initialOf(text));
    this.stale = new StaleFetch(this.memory, rulesOf(text), 2);
    this.first = this.saved();
    this.again = this.first;
  }

  happen(what: Happening): void {
    // The reference tries every sequence of times: histories have to be short.
    if (this.naive.now > 3) this.first();
    switch (what.kind) {
      case 'execute':
        this.execute(what.cpu, what.from, what.choice);
        return;
      case 'execute and store':
        this.execute(what.what.cpu, what.from, what.choice, what.what);
        return;
      case 'poke':
        store(this.text, this.memory, this.naive, what.what);
        return;
      case 'serialise':
        this.stale.serialized(what.cpu);
        this.naive.serialise(what.cpu);
        return;
      case 'accept':
        this.stale.accepted(what.cpu);
        this.naive.boundary(what.cpu);
        return;
      case 'save':
        this.again = this.saved();
        return;
      case 'restore':
        this.again();
    }
  }

  private execute(cpu: number, from: number, number: number, own?: RandomStore): void {
    const { text, stale, naive } = this;
    const rip = BigInt(text.base + from);
    const window = windowAt(text, text.base + from);
    if (window.length === 0) return;
    const allowed = naive.fetch(cpu, window);
    const offered = stale.choices(cpu, rip);
    const choices = offered && distinct(offered);
    if (choices !== undefined) expect(realResults(text, choices)).toEqual(naiveResults(text, naive, window, allowed));
    else expect(allowed.map(({ bytes }) => bytes)).toEqual([this.current(window)]);
    const taken = choices?.[number % choices.length];
    const bytes = taken === undefined ? allowed[0]?.bytes : neededOf(taken);
    const fetched = allowed.find((one) => String(one.bytes) === String(bytes));
    if (fetched === undefined) throw new Error('checked above');
    stale.choose(rip, taken);
    naive.took(cpu, window, fetched);
    if (own !== undefined) {
      const stored = store(text, this.memory, naive, own);
      stale.ownStore(cpu, BigInt(stored[0] ?? 0), stored.length, 'same');
      naive.ownStore(cpu, stored);
    }
    stale.executed(cpu, taken);
    naive.boundary(cpu);
  }

  private current(window: readonly number[]): number[] {
    const bytes = window.map((place) => Number(this.memory.read(BigInt(place), 1)));
    return bytes.slice(0, bytesNeeded(bytes));
  }

  /** How to come back to now. */
  private saved(): () => void {
    const { memory, naive, stale } = this;
    const cells = [0, 1].map((cpu) => cpuBase(cpu) + CELL.fetchFloor);
    const floors = cells.map((cell) => memory.linear.int32(cell));
    const [text, state, fetch] = [memory.save(), naive.state, stale.save()];
    return () => {
      cells.forEach((cell, index) => {
        memory.linear.setInt32(cell, floors[index] ?? 0);
      });
      memory.restore(text);
      naive.state = state;
      stale.restore(fetch);
    };
  }
}

/** A machine with coherent fetch has no floors. */
const staleText = randomText.filter(({ rule }) => rule !== 'coherent');

describe('the floors of fetches', () => {
  it('follow what happens as those of the brute-force reference do, through save and restore', () => {
    fc.assert(
      fc.property(staleText, fc.array(happening, { maxLength: 20 }), (text, happenings) => {
        const pair = new Pair(text);
        for (const one of happenings) pair.happen(one);
      }),
      { numRuns: 400 },
    );
  });
});
