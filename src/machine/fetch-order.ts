import type { ByteVersion } from '../memory/text-versions.js';
import type { FetchableText } from './canonical-text.js';

/**
 * Whether every fetch that is possible under `less` is possible under `more`, for ever: both have the same versions of text
 * as far as `less` has any, and no CPU's floor is higher under `more`. Both are canonical, and memory holds the same.
 */
export function allowsMore(more: FetchableText, less: FetchableText): boolean {
  // The youngest times correspond; `more` has some that are older.
  const shift = more.now - less.now;
  if (shift < 0) return false;
  for (const [offset, all] of more.versions) if (!continues(all, less.versions.get(offset), shift)) return false;
  for (const offset of less.versions.keys()) if (!more.versions.has(offset)) return false;
  return less.floors.every((floor, cpu) => {
    const ownFloor = more.floors[cpu] ?? 0;
    if (ownFloor > floor + shift) return false;
    const units = less.unitFloors[cpu];
    for (const [unit, time] of more.unitFloors[cpu] ?? [])
      if (time > Math.max(floor, units?.get(unit) ?? 0) + shift) return false;
    return true;
  });
}

/** Whether a byte's versions end like those of the other side; where that has none, the byte was stored before its times. */
function continues(all: readonly ByteVersion[], end: readonly ByteVersion[] | undefined, shift: number): boolean {
  if (end === undefined) return (all.at(-1)?.time ?? 0) <= shift;
  const first = all.length - end.length;
  return end.every(({ time, value, cpu }, i) => {
    const version = all[first + i];
    if (version?.value !== value) return false;
    return i === 0 ? version.time <= shift : version.time === time + shift && version.cpu === cpu;
  });
}
