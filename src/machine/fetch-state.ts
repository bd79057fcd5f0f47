import type { StaleFetch } from '../cpu/stale-fetch.js';
import type { InternedWords } from '../memory/interned-words.js';
import type { Memory } from '../memory/memory.js';
import type { ByteVersion } from '../memory/text-versions.js';
import { canonicalText, type FetchableText } from './canonical-text.js';
import { allowsMore } from './fetch-order.js';
import type { Renaming } from './renaming.js';

/** What CPUs may fetch where that is not what memory holds, as one number: equal when equal fetches are possible for ever. */
export class FetchState {
  /** By number, and the numbers in the order of first sight. */
  private readonly texts: FetchableText[] = [];
  private readonly numbers: number[] = [];
  /** Numbers by versions and floors of units, which are immutable, and floors of CPUs. */
  private readonly known = new WeakMap<object, WeakMap<object, Map<string, number>>>();
  /** What was numbered last. */
  private last: FetchableText | undefined;
  private number = -1;
  private scratch = new Int32Array(64);

  constructor(
    private readonly memory: Memory,
    private readonly fetch: StaleFetch,
    private readonly cpus: number,
    private readonly words: InternedWords,
    /** Whether a CPU fetches no text before it serialises: how old that may be counts for nothing. */
    private readonly hasDeadFloor: (cpu: number) => boolean,
  ) {}

  /** @param touched whether somebody may have looked at it or changed it since it was numbered last */
  read(touched = true): number {
    if (!touched && this.isAsAlive()) return this.number;
    if (this.isAsLast()) return this.number;
    const number = this.numberNow();
    // What the past left in the machine would contradict the memory of another state that can fetch the same.
    this.write(number);
    return number;
  }

  private numberNow(): number {
    const text = this.current();
    const { versions, unitFloors } = text;
    const byUnits = this.known.get(versions) ?? new WeakMap<object, Map<string, number>>();
    this.known.set(versions, byUnits);
    const byFloors = byUnits.get(unitFloors) ?? new Map<string, number>();
    byUnits.set(unitFloors, byFloors);
    const floors = text.floors.join();
    const number = byFloors.get(floors) ?? this.numberOf(canonicalText(text));
    byFloors.set(floors, number);
    return number;
  }

  write(number: number): void {
    const text = this.texts[number];
    if (text === undefined) throw new Error(`no state of fetches ${number}`);
    this.memory.text.restore({ now: text.now, bytes: text.versions });
    text.floors.forEach((floor, cpu) => {
      this.fetch.setFloor(cpu, Math.min(floor, text.now));
    });
    this.fetch.restore(text.unitFloors);
    this.last = text;
    this.number = number;
  }

  private numberOf(canonical: FetchableText): number {
    const number = this.words.intern(...this.serialise(canonical));
    this.keep(number, canonical);
    return number;
  }

  private keep(number: number, text: FetchableText): void {
    if (this.texts[number] !== undefined) return;
    this.texts[number] = text;
    this.numbers.push(number);
  }

  /** The floors of a number, by CPU. */
  floorsOf(number: number): readonly number[] {
    return this.texts[number]?.floors ?? [];
  }

  /** The number of the same with CPUs renamed. */
  renamed(number: number, renaming: Renaming): number {
    const text = this.texts[number];
    if (text === undefined) throw new Error(`no state of fetches ${number}`);
    const place = <T>(of: readonly T[]): T[] => {
      const out = [...of];
      of.forEach((value, cpu) => {
        out[renaming.cpu(cpu)] = value;
      });
      return out;
    };
    const versions = new Map(
      [...text.versions].map(([offset, all]) => [
        offset,
        all.map(({ cpu, ...rest }) => ({ ...rest, cpu: cpu === undefined ? undefined : renaming.cpu(cpu) })),
      ]),
    );
    const { now } = text;
    return this.numberOf({ versions, now, floors: place(text.floors), unitFloors: place(text.unitFloors) });
  }

  /** Whether all that may be fetched under one number may be under another. */
  allowsMore(more: number, less: number): boolean {
    const [a, b] = [this.texts[more], this.texts[less]];
    return a !== undefined && b !== undefined && allowsMore(a, b);
  }

  /** The numbers of all states so far, from the `from`-th on. Their words say the rest. */
  save(from = 0): readonly number[] {
    return this.numbers.slice(from);
  }

  /** How many were numbered. */
  get count(): number {
    return this.numbers.length;
  }

  load(numbers: readonly number[]): void {
    for (const number of numbers) if (this.texts[number] === undefined) this.keep(number, this.parse(number));
  }

  /** Whether the same floors matter as in what was numbered last. */
  private isAsAlive(): boolean {
    const { last } = this;
    if (last === undefined) return false;
    for (let cpu = 0; cpu < this.cpus; cpu++) if ((last.floors[cpu] === DEAD) !== this.hasDeadFloor(cpu)) return false;
    return true;
  }

  /** Whether nothing was replaced since something was numbered: contents are not compared. */
  private isAsLast(): boolean {
    const { last, fetch } = this;
    if (last === undefined || !this.memory.text.isAt(last.versions) || fetch.save() !== last.unitFloors) return false;
    for (let cpu = 0; cpu < this.cpus; cpu++) if (last.floors[cpu] !== this.floorNow(cpu)) return false;
    return true;
  }

  private floorNow(cpu: number): number {
    return this.hasDeadFloor(cpu) ? DEAD : this.fetch.floor(cpu);
  }

  private current(): FetchableText {
    const { now, bytes } = this.memory.text.save();
    const { fetch } = this;
    const floors = Array.from({ length: this.cpus }, (_, cpu) => this.floorNow(cpu));
    const saved = fetch.save();
    const isClean = saved.every((units, cpu) => units.size === 0 || floors[cpu] !== DEAD);
    const unitFloors = isClean ? saved : saved.map((units, cpu) => (floors[cpu] === DEAD ? NO_UNITS : units));
    return { versions: bytes, now, floors, unitFloors };
  }

  /** The inverse of {@link serialise}. */
  private parse(number: number): FetchableText {
    let at = this.words.start(number);
    const end = at + this.words.lengthOf(number);
    const next = (): number => this.words.words[at++] ?? 0;
    const list = <T>(length: number, each: () => T): T[] => Array.from({ length }, each);
    const floors = list(this.cpus, next).map((floor) => (floor === -1 ? DEAD : floor));
    const unitFloors = list(this.cpus, () => new Map(list(next(), () => [next(), next()] as const)));
    const versions = new Map<number, readonly ByteVersion[]>();
    let now = 0;
    const version = (): ByteVersion => {
      const [time, value, cpu] = [next(), next(), next()];
      now = Math.max(now, time);
      return { time, value, cpu: cpu === -1 ? undefined : cpu };
    };
    while (at < end) versions.set(next(), list(next(), version));
    return { versions, now, floors, unitFloors };
  }

  private serialise({ versions, floors, unitFloors }: FetchableText): [Int32Array, number] {
    const list = [
      ...floors.map((floor) => (floor === DEAD ? -1 : floor)),
      ...unitFloors.flatMap((units) => [units.size, ...[...units].flat()]),
      ...[...versions].flatMap(([offset, all]) => [
        offset,
        all.length,
        ...all.flatMap(({ time, value, cpu }) => [time, value, cpu ?? -1]),
      ]),
    ];
    if (list.length > this.scratch.length) this.scratch = new Int32Array(2 * list.length);
    this.scratch.set(list);
    return [this.scratch, list.length];
  }
}

/** The floor of a CPU that fetches nothing before it has another one. */
const DEAD = Number.POSITIVE_INFINITY;
const NO_UNITS: ReadonlyMap<number, number> = new Map();
