import { expect, vi } from 'vitest';
import type { Move } from '../../src/search/move.js';
import { MoveCache } from '../../src/search/move-cache.js';

/**
 * Calls `body` while of each cache of moves every `nth` hit is done again on the machine, and must be the same.
 * @returns how many were.
 */
export function checkingHits(nth: number, body: () => void): number {
  const moves = MoveCache.prototype.moves;
  let checked = 0;
  const spy = vi.spyOn(MoveCache.prototype, 'moves').mockImplementation(function (this: MoveCache, state, length, cpu) {
    const { hits } = this;
    const remembered = moves.call(this, state, length, cpu);
    if (this.hits > hits && this.hits % nth === 0) {
      checked++;
      const done = this.maker.moves(state, length, cpu);
      // Compared in words first: a matcher takes its time.
      const [one, other] = [remembered.list.map(essence), done.list.map(essence)];
      if (JSON.stringify(one) !== JSON.stringify(other)) expect(one).toEqual(other);
    }
    return remembered;
  });
  try {
    body();
  } finally {
    spy.mockRestore();
  }
  return checked;
}

/** What of a move has to be right. A violation comes with the events before it, which are those of whoever did it first. */
function essence({ violation, unsupported, ...move }: Move): unknown {
  if (violation === undefined) return { ...move, unsupported: unsupported?.reason };
  const { parts: _parts, ids: _ids, ...rest } = move;
  return { ...rest, violation: [violation.property, violation.cpu, violation.message] };
}
