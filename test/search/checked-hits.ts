import { expect, vi } from 'vitest';
import type { Move } from '../../src/search/move.js';
import { MoveCache } from '../../src/search/move-cache.js';

/**
 * Calls `body` while of each cache of moves every `nth` hit is done again on the machine, and must be the same.
 * @returns how many were.
 */
export function checkingHits(nth: number, body: () => void): number {
  const { entryOf } = MoveCache.prototype;
  let checked = 0;
  const spy = vi.spyOn(MoveCache.prototype, 'entryOf').mockImplementation(function (
    this: MoveCache,
    state,
    length,
    cpu,
  ) {
    const { hits } = this;
    const entry = entryOf.call(this, state, length, cpu);
    if (this.hits > hits && this.hits % nth === 0) {
      checked++;
      const done = this.maker.moves(state, length, cpu);
      // Compared in words first: a matcher takes its time.
      const [one, other] = [this.movesAt(entry).list.map(essence), done.list.map(essence)];
      if (JSON.stringify(one) !== JSON.stringify(other)) expect(one).toEqual(other);
    }
    return entry;
  });
  try {
    body();
  } finally {
    spy.mockRestore();
  }
  return checked;
}

/** What of a move has to be right. A violation comes with the events before it, which are those of whoever did it first. */
function essence(move: Move): unknown {
  const { violation, unsupported, ...shape } = move.shape;
  const ids = move.parts.map((_, i) => move.idAt(i));
  if (violation === undefined) return { ...shape, ids, unsupported: unsupported?.reason };
  const { parts: _parts, ...rest } = shape;
  return { ...rest, violation: [violation.property, violation.cpu, violation.message] };
}
