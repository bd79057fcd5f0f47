import type { ByteVersion } from '../memory/text-versions.js';

/** What CPUs may still fetch: the versions of written text, and from which text time on each CPU reads them. */
export interface FetchableText {
  readonly versions: ReadonlyMap<number, readonly ByteVersion[]>;
  /** The text time now. */
  readonly now: number;
  /** A floor for each CPU; infinite if it does not matter. */
  readonly floors: readonly number[];
  /** Floors of single units for each CPU, by the pool offset of their start. */
  readonly unitFloors: readonly ReadonlyMap<number, number>[];
}

/**
 * The same with the past left out (semantics of the search key): versions that every CPU's floor has passed are dropped, and
 * text times, which are only ever compared with each other, are replaced by their ranks among those that are left.
 */
export function canonicalText({ versions, floors, unitFloors }: FetchableText): FetchableText {
  const least = Math.min(...floors);
  const kept = new Map<number, readonly ByteVersion[]>();
  const times = new Set<number>();
  for (const offset of [...versions.keys()].sort((a, b) => a - b)) {
    const all = versions.get(offset) ?? [];
    const first = Math.max(
      0,
      all.findLastIndex(({ time }) => time <= least),
    );
    // One version is what memory holds; nobody asks when it came about.
    if (first === all.length - 1) continue;
    kept.set(offset, all.slice(first));
    for (const { time } of all.slice(first + 1)) times.add(time);
  }
  const ordered = [...times].sort((a, b) => a - b);
  const rank = (time: number): number => ordered.findLastIndex((other) => other <= time) + 1;
  const renumbered = [...kept].map(
    ([offset, list]) =>
      [
        offset,
        list.map(({ time, value, cpu }, index) =>
          index === 0 ? { time: 0, value, cpu: undefined } : { time: rank(time), value, cpu },
        ),
      ] as const,
  );
  const floorRanks = floors.map((floor) => (floor === Number.POSITIVE_INFINITY ? floor : rank(floor)));
  return {
    versions: new Map(renumbered),
    now: ordered.length,
    floors: floorRanks,
    unitFloors: unitFloors.map((units, cpu) => raised(units, floorRanks[cpu] ?? 0, rank)),
  };
}

/** The floors of units that are above their CPU's. */
function raised(
  units: ReadonlyMap<number, number>,
  floor: number,
  rank: (time: number) => number,
): ReadonlyMap<number, number> {
  const ranked = [...units].map(([unit, time]) => [unit, rank(time)] as const);
  return new Map(ranked.filter(([, time]) => time > floor).sort(([a], [b]) => a - b));
}
