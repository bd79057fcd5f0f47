import type { MoveSource } from '../move.js';
import { Awaits } from './awaits.js';
import { MacroMoves } from './macro-moves.js';
import type { Reductions } from './reductions.js';
import type { Sharing } from './sharing.js';
import { SilentStores } from './silent-stores.js';

/** Puts the reductions of moves one behind the other. */
export function reducedMoves(single: MoveSource, reductions: Reductions, sharing: Sharing | undefined): MoveSource {
  let source = single;
  if (reductions.has('silent-stores')) source = new SilentStores(source);
  if (sharing !== undefined) {
    source = new MacroMoves(source, sharing, reductions.has('interrupt-points'));
  }
  return reductions.has('await') ? new Awaits(source) : source;
}
