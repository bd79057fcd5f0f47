import type { Move, MoveSource, Moves } from '../move.js';
import { MovedVector } from '../moved-vector.js';
import type { Sharing } from './sharing.js';

/** The most local steps in a macro-step. */
const MOST_STEPS = 64;

/**
 * Moves of several steps of one CPU: local steps, which nobody else sees, and the step that follows them. See
 * docs/soundness/fusion.md, and docs/soundness/interrupt-points.md for where interrupts are accepted.
 */
export class MacroMoves implements MoveSource {
  private readonly at = new MovedVector();

  /** @param defers whether interrupts wait for the end of a macro-step */
  constructor(
    private readonly source: MoveSource,
    private readonly sharing: Sharing,
    private readonly defers: boolean,
  ) {}

  moves(state: Int32Array, length: number, cpu: number): Moves {
    const first = this.source.moves(state, length, cpu);
    const local = this.localStep(first);
    if (local === undefined) return first;
    const followed = this.follow(state, length, cpu, local);
    return [...first.filter((move) => move !== local), ...followed];
  }

  /** The one step of a CPU that is local, if there is no other but interrupts that can wait. */
  private localStep(moves: Moves): Move | undefined {
    let own: Move | undefined;
    for (const move of moves) {
      if (this.defers && move.step.kind === 'accept') continue;
      if (own !== undefined) return undefined;
      own = move;
    }
    const locality = own?.locality;
    if (own === undefined || locality === undefined) return undefined;
    if (locality.interruptible && !this.defers) return undefined;
    return this.sharing.isPrivate(locality) ? own : undefined;
  }

  /** What a CPU comes to that goes on from its local step. */
  private follow(state: Int32Array, length: number, cpu: number, local: Move): Move[] {
    const change = new Map<number, number>();
    let done: Move = local;
    let steps = local.steps;
    let fetchesCurrent = local.fetchesCurrent;
    const join = ({ parts, ids }: Move, to: Map<number, number>): void => {
      for (let i = 0; i < parts.length; i++) to.set(parts[i] ?? 0, ids[i] ?? 0);
    };
    const macro = (last: Move | undefined): Move => {
      const all = new Map(change);
      if (last !== undefined) join(last, all);
      const parts = [...all.keys()].sort((a, b) => a - b);
      return {
        step: local.step,
        steps: last === undefined ? steps : [...steps, ...last.steps],
        parts,
        ids: parts.map((part) => all.get(part) ?? 0),
        fetchesCurrent: fetchesCurrent && (last?.fetchesCurrent ?? true),
        endsHandler: (last ?? done).endsHandler,
        violation: last?.violation,
        unsupported: last?.unsupported,
      };
    };
    const at = this.at.copy(state, length);
    const visited = new Set([local.locality?.from]);
    for (;;) {
      join(done, change);
      at.apply(done);
      const { locality } = done;
      if (locality === undefined || locality.ends || steps.length >= MOST_STEPS) return [macro(undefined)];
      if (done.step.kind === 'instruction') {
        // A loop of local steps.
        if (visited.has(locality.to)) return [macro(undefined)];
        visited.add(locality.to);
      }
      const next = this.source.moves(at.words, at.length, cpu);
      const local = this.localStep(next);
      if (local === undefined) {
        const going = this.defers ? next.filter(({ step }) => step.kind !== 'accept') : next;
        if (going.length > 0) return going.map(macro);
        // A procedure that waits: what it did before that can be done when it goes on.
        return done.step.kind === 'procedure' ? [] : [macro(undefined)];
      }
      done = local;
      steps = [...steps, ...local.steps];
      fetchesCurrent &&= local.fetchesCurrent;
    }
  }
}
