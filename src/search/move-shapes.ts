import { formatStep } from '../machine/step.js';
import { type MoveShape, moveShape } from './move.js';
import type { Locality } from './reduction/locality.js';

/** Shapes of moves after which somebody goes on, equal ones of which are one object. */
export class MoveShapes {
  private readonly known = new Map<string, MoveShape>();

  of(shape: MoveShape): MoveShape {
    const key = keyOf(shape);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const kept = moveShape(shape);
    this.known.set(key, kept);
    return kept;
  }
}

function keyOf({ step, steps, parts, fetchesCurrent, endsHandler, locality }: MoveShape): string {
  const own = `${steps[0]?.choice} ${formatStep(step)} ${parts.join()} ${fetchesCurrent} ${endsHandler}`;
  return locality === undefined ? own : `${own} ${keyOfLocality(locality)}`;
}

function keyOfLocality({ owner, read, written, text, interruptible, ends, from, to }: Locality): string {
  return `${owner} ${interruptible} ${ends} ${from} ${to} ${read.join()} ${written.join()} ${text.join()}`;
}
