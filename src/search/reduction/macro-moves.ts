import { Move, type MoveSource, type Moves, moveShape } from '../move.js';
import { MovedVector } from '../moved-vector.js';
import { union } from '../union.js';
import type { Accesses } from './accesses.js';
import type { Concern, Sharing } from './sharing.js';

/** The most local steps in a macro-step. */
const MOST_STEPS = 64;

/** A step that is done together with the one after it. */
interface LocalStep {
  readonly move: Move;
  readonly concern: Concern;
}

/**
 * Moves of several steps of one CPU: local steps, which nobody else sees, and the step that follows them. See
 * docs/soundness/fusion.md, docs/soundness/race-freedom.md, and docs/soundness/interrupt-points.md for where interrupts
 * are accepted.
 */
export class MacroMoves implements MoveSource {
  private readonly at = new MovedVector();
  private defers = false;

  /** @param mayDefer whether interrupts wait for the end of a macro-step */
  constructor(
    private readonly source: MoveSource,
    private readonly sharing: Sharing,
    private readonly mayDefer: () => boolean,
  ) {}

  moves(state: Int32Array, length: number, cpu: number): Moves {
    this.defers = this.mayDefer();
    const first = this.source.moves(state, length, cpu);
    const local = this.localStep(first);
    if (local === undefined) return first;
    const followed = this.follow(state, length, cpu, { local, among: first });
    return { ...followed, list: [...first.list.filter((move) => move !== local.move), ...followed.list] };
  }

  /** The one step of a CPU that is local, if there is no other but interrupts that can wait. */
  private localStep({ list }: Moves): LocalStep | undefined {
    let own: Move | undefined;
    for (const move of list) {
      if (this.defers && move.step.kind === 'accept') continue;
      if (own !== undefined) return undefined;
      own = move;
    }
    const locality = own?.locality;
    if (own === undefined || locality === undefined) return undefined;
    if (locality.interruptible && !this.defers) return undefined;
    const concern = this.sharing.concernOf(locality);
    return concern === 'shared' ? undefined : { move: own, concern };
  }

  /** What a CPU comes to that goes on from its local step. */
  private follow(state: Int32Array, length: number, cpu: number, { local, among }: Beginning): Moves {
    const { sets } = this.sharing;
    const at = this.at.copy(state, length);
    let done = local.move;
    let changed: readonly number[] = [];
    let steps = done.steps;
    let fetchesCurrent = done.fetchesCurrent;
    let accesses = among.accesses ?? sets.none;
    let delayed: Accesses | undefined = local.concern === 'race-free' ? accesses : undefined;
    const macro = (last: Move | undefined): Move => {
      const parts = last === undefined ? changed : union(changed, last.parts);
      const ids = parts.map((part) => at.words[part] ?? 0);
      last?.parts.forEach((part, i) => {
        ids[parts.indexOf(part)] = last.idAt(i);
      });
      const shape = moveShape({
        step: local.move.step,
        steps: last === undefined ? steps : [...steps, ...last.steps],
        parts,
        fetchesCurrent: fetchesCurrent && (last?.fetchesCurrent ?? true),
        endsHandler: (last ?? done).endsHandler,
        violation: last?.violation,
        unsupported: last?.unsupported,
      });
      return new Move(shape, ids);
    };
    const ended = (list: readonly Move[]): Moves => ({ list, accesses, delayed });
    const visited = new Set([local.move.locality?.from]);
    for (;;) {
      at.apply(done);
      changed = union(changed, done.parts);
      const { locality } = done;
      if (locality === undefined || locality.ends || steps.length >= MOST_STEPS) return ended([macro(undefined)]);
      if (done.step.kind === 'instruction') {
        // A loop of local steps.
        if (visited.has(locality.to)) return ended([macro(undefined)]);
        visited.add(locality.to);
      }
      const next = this.source.moves(at.words, at.length, cpu);
      const following = this.localStep(next);
      const own = next.accesses ?? sets.none;
      accesses = sets.union(accesses, own);
      if (following === undefined) {
        const going = this.defers ? next.list.filter(({ step }) => step.kind !== 'accept') : next.list;
        if (going.length > 0) return ended(going.map(macro));
        // A procedure that waits: what it did before that can be done when it goes on.
        return ended(done.step.kind === 'procedure' ? [] : [macro(undefined)]);
      }
      if (following.concern === 'race-free') delayed = delayed === undefined ? own : sets.union(delayed, own);
      done = following.move;
      steps = [...steps, ...done.steps];
      fetchesCurrent &&= done.fetchesCurrent;
    }
  }
}

/** The step that a run of local steps begins with, and all that the CPU might do. */
interface Beginning {
  readonly local: LocalStep;
  readonly among: Moves;
}
