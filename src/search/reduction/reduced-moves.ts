import type { MoveSource } from '../move.js';
import { Awaits } from './awaits.js';
import type { Conclusions } from './conclusions.js';
import { IdleInterrupts } from './idle-interrupts.js';
import { MacroMoves } from './macro-moves.js';
import type { Reductions } from './reductions.js';
import { SilentStores } from './silent-stores.js';

/** Puts the reductions of moves one behind the other. */
export function reducedMoves(single: MoveSource, reductions: Reductions, conclusions: Conclusions): MoveSource {
  let source = single;
  if (conclusions.idle !== undefined) source = new IdleInterrupts(source, conclusions.idle);
  if (reductions.has('silent-stores')) source = new SilentStores(source);
  const { sharing } = conclusions;
  if (sharing !== undefined && reductions.has('fusion'))
    source = new MacroMoves(source, sharing, () => conclusions.defers);
  return reductions.has('await') ? new Awaits(source) : source;
}
