import type { StateVector } from '../../machine/state-vector.js';
import { OWN_OBSERVERS } from '../by-parts.js';

/** The part of a vector whose number is told of something that depends on a part, or on {@link OWN_OBSERVERS}. */
export function partOf(part: number, { observersPart }: StateVector): number {
  return part === OWN_OBSERVERS ? observersPart : part;
}
