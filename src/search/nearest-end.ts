import { PROPERTIES } from '../property/properties.js';
import type { MoveShape } from './move.js';
import type { GoesOn } from './search-end.js';

/** How a search ends at a step after which nobody goes on. */
export type Ended = Parameters<GoesOn>[0];

/**
 * The end that a search tells of: the one that fewest steps lead to, of several of them the one of the first property
 * in the list of properties, and of several of that the one found first. That does not depend on which states are left out.
 */
export class NearestEnd {
  end: Ended | undefined;

  offer(end: Ended): void {
    if (this.end === undefined || isNearer(end, this.end)) this.end = end;
  }

  /** The end, unless a state as far away as `distance` might lead to another one that is to be preferred. */
  before(distance: number | undefined): Ended | undefined {
    const { end } = this;
    return end === undefined || (distance !== undefined && distance < end.steps) ? undefined : end;
  }
}

function isNearer(one: Ended, other: Ended): boolean {
  return one.steps < other.steps || (one.steps === other.steps && rankOf(one) < rankOf(other));
}

/** Where modified text is undefined, what instruction it made tells no more. */
const FIRST = 'no-undefined-xmc';
const ORDER = [FIRST, ...[...PROPERTIES.keys()].filter((name) => name !== FIRST)];

/** The scenario's own checks come after the properties, and an instruction that is not implemented after all. */
function rankOf(end: Ended): number {
  if (end.kind === 'unsupported') return ORDER.length + 1;
  const rank = ORDER.indexOf(end.violation.property);
  return rank < 0 ? ORDER.length : rank;
}

/** How a search would end with a move of a state; undefined if somebody goes on from there. */
export function endOf({ step, violation, unsupported }: MoveShape, state: number, steps: number): Ended | undefined {
  if (violation !== undefined) return { kind: 'violated', state, step, steps, violation };
  return unsupported === undefined ? undefined : { kind: 'unsupported', state, step, steps, stop: unsupported };
}
