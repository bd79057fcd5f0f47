import { PAGE_SIZE } from '../memory/layout.js';
import type { Memory } from '../memory/memory.js';
import type { FetchRuleName } from '../profile/rules.js';
import { decode } from './decode.js';
import { MAX_INSTRUCTION_LENGTH } from './decoded-instruction.js';
import type { FetchedBytes } from './fetch.js';

/** One result that a fetch may have: which version each unit was read in, and the bytes that gave. */
export interface FetchChoice {
  /** The text time as of which each unit was read, in ascending order of units; all current when empty. */
  readonly times: readonly number[];
  readonly fetched: FetchedBytes;
  /** The text time of the version of each byte. */
  readonly byteTimes: readonly number[];
}

/** What decides which versions a fetch may return. */
export interface FetchBounds {
  readonly rule: FetchRuleName;
  /** Bytes of an aligned unit. */
  readonly unit: number;
  /** The least text time that a unit, given by the pool offset of its start, may be read as of. */
  floorOf(unit: number): number;
}

/**
 * All results that the fetch of one instruction may have. Units are read in ascending order, only as many as the
 * decoder needs. Choices whose instructions have equal bytes are one: the one that leaves the least floor behind.
 *
 * Choosing all units at once, at the time of the last one, loses nothing: a unit may always be read as of an earlier
 * time, and no serialisation can fall inside one fetch.
 */
export function fetchChoices(memory: Memory, rip: bigint, bounds: FetchBounds): FetchChoice[] {
  const found = new Map<string, FetchChoice>();
  extend({ memory, bounds, rip, found }, { times: [], bytes: [], offsets: [], byteTimes: [] });
  return [...found.values()];
}

interface Search {
  readonly memory: Memory;
  readonly bounds: FetchBounds;
  readonly rip: bigint;
  readonly found: Map<string, FetchChoice>;
}

/** The units read so far. */
interface Prefix {
  readonly times: readonly number[];
  readonly bytes: readonly number[];
  readonly offsets: readonly number[];
  readonly byteTimes: readonly number[];
}

/** Reads one unit more in every version that is allowed, and goes on where the decoder wants still more. */
function extend(search: Search, prefix: Prefix): void {
  const { memory, bounds } = search;
  const address = BigInt.asUintN(64, search.rip + BigInt(prefix.bytes.length));
  const first = memory.translate(address, 'execute');
  if (first === 0) {
    accept(search, prefix, address);
    return;
  }
  const unit = first & ~(bounds.unit - 1);
  const wanted = MAX_INSTRUCTION_LENGTH - prefix.bytes.length;
  const offsets = range(first, Math.min(unit + bounds.unit - first, wanted, PAGE_SIZE - (first & (PAGE_SIZE - 1))));
  for (const time of timesOf(search, prefix, unit, offsets)) {
    const longer = {
      times: [...prefix.times, time],
      bytes: [...prefix.bytes, ...offsets.map((at) => memory.text.valueAt(at, time) ?? memory.linear.u8[at] ?? 0)],
      offsets: [...prefix.offsets, ...offsets],
      byteTimes: [...prefix.byteTimes, ...offsets.map((at) => memory.text.versionTimeAt(at, time))],
    };
    const full = longer.bytes.length >= MAX_INSTRUCTION_LENGTH;
    const wantsMore = !full && decode(Uint8Array.from(longer.bytes)).kind === 'incomplete';
    if (wantsMore) extend(search, longer);
    else if (mayBeLast(search, offsets, time)) accept(search, longer, undefined);
  }
}

/** The text times that the next unit may be read as of: the earliest allowed one, and each change after it. */
function timesOf({ memory, bounds }: Search, prefix: Prefix, unit: number, offsets: readonly number[]): number[] {
  const { text } = memory;
  const floor = bounds.floorOf(unit);
  const ordered = bounds.rule === 'torn' || bounds.rule === 'monotone';
  const earliest = ordered ? Math.max(floor, prefix.times.at(-1) ?? 0) : floor;
  const changes = new Set([earliest]);
  for (const offset of offsets) {
    for (const { time } of text.versionsOf(offset) ?? []) if (time > earliest) changes.add(time);
  }
  return [...changes].sort((a, b) => a - b);
}

/** Under `torn` the last unit is as of now; its bytes may be so whatever the time. */
function mayBeLast({ memory, bounds }: Search, offsets: readonly number[], time: number): boolean {
  if (bounds.rule !== 'torn') return true;
  return offsets.every((at) => memory.text.versionTimeAt(at, time) === memory.text.timeOf(at));
}

function accept({ found }: Search, { times, bytes, offsets, byteTimes }: Prefix, end: bigint | undefined): void {
  const all = Uint8Array.from(bytes);
  const decoded = decode(all);
  const length = decoded.kind === 'instruction' ? decoded.bytes.length : bytes.length;
  const key = String.fromCharCode(...bytes.slice(0, length));
  const known = found.get(key);
  if (known !== undefined && !isLess(times, known.times)) return;
  found.set(key, { times, fetched: { bytes: all, offsets, end }, byteTimes: byteTimes.slice(0, length) });
}

/** Which of two sequences leaves less behind: the one whose last time is less, then the lexicographically first. */
function isLess(a: readonly number[], b: readonly number[]): boolean {
  const order = [(a.at(-1) ?? 0) - (b.at(-1) ?? 0), ...a.map((time, i) => time - (b[i] ?? 0))];
  return (order.find((difference) => difference !== 0) ?? 0) < 0;
}

function range(start: number, length: number): number[] {
  return Array.from({ length }, (_, i) => start + i);
}
