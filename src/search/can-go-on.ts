import { OWN_STEPS } from '../machine/step-kinds.js';
import type { Move } from './move.js';

/** Whether a CPU with these moves can go on by itself, not only by an interrupt or with another task: it does not wait. */
export function canGoOn(moves: readonly Move[]): boolean {
  return moves.some(({ step }) => OWN_STEPS.has(step.kind));
}
