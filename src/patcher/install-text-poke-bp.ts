import { VECTOR } from '../cpu/vector.js';
import { procedure } from '../machine/procedure.js';
import type { InstalledAlgorithm, PatchEnvironment } from './algorithm.js';
import { batchFinish, type SyncAfter } from './batch-finish.js';
import { forEachPatch } from './for-each-patch.js';
import type { Goal } from './goals.js';
import { excInt3, type Int3Action, int3Handler } from './int3-handler.js';
import { textPoke } from './text-poke.js';
import { requirePatchable, TEXT_POKE_ARRAY_MAX, TEXT_POKE_ARRAY_SIZE, TextPokeArray } from './text-poke-array.js';
import type { TextPokeRefsForm } from './text-poke-refs.js';

/** In what an algorithm differs from text_poke_bp. */
export interface TextPokeBpVariation {
  /** How int3 handlers find and hold the array; default: as in 2025. */
  readonly refs?: TextPokeRefsForm;
  /** The sync cores that are done; default: all three. */
  readonly syncs?: readonly SyncAfter[];
  /** What the int3 handler does; default: it emulates the new instruction. */
  readonly action?: Int3Action;
  /** Whether the entry code of #BP opens the stack gap; default: yes. */
  readonly gap?: boolean;
  /** Whether a handler that emulates keeps up the shadow stack, if there is one; default: yes. */
  readonly fixup?: boolean;
  /** Further goals. */
  readonly goals?: readonly Goal[];
}

/**
 * text_poke_bp: smp_text_poke_batch_add (text_poke_queue) for each patch, which flushes the array
 * when it is full or the addresses would not stay sorted, then smp_text_poke_batch_finish (text_poke_bp_batch); and its
 * int3 handler.
 * @throws {@link InputError} for a patch that the array cannot hold
 */
export function installTextPokeBp(
  { data, cpus, sync, patches, order, shadowStack = false }: PatchEnvironment,
  { refs, syncs, action, gap = true, fixup = true, goals = [] }: TextPokeBpVariation = {},
): InstalledAlgorithm {
  for (const patch of patches) requirePatchable(patch);
  const array = new TextPokeArray(data, cpus, refs);
  const finish = batchFinish(array, textPoke(order), sync.call, syncs);
  const apply = procedure('smp_text_poke_batch_add (text_poke_queue)', (p) => {
    forEachPatch(p, patches, ({ patch }) => {
      const nr = p.local();
      p.if(
        (c) =>
          c.get(nr) === BigInt(TEXT_POKE_ARRAY_MAX) ||
          (c.get(nr) > 0n && array.address(c, c.get(nr) - 1n) > patch(c).address),
        () => {
          p.call(finish);
          p.set(nr, () => 0n);
        },
      );
      p.step(array.refs.labels.add, (c) => {
        array.write(c, c.get(nr), patch(c));
        c.store(array.nrEntries, c.get(nr) + 1n);
      });
      p.set(nr, (c) => c.get(nr) + 1n);
    });
    p.call(finish);
  });
  // An action of another kind pushes and pops nothing.
  const handler = int3Handler(array, action, shadowStack && fixup && action === undefined);
  return {
    apply,
    idt: new Map([[VECTOR.bp, { procedure: excInt3(handler, { gap }) }]]),
    goals: ['int3-executed', 'half-written-fetched', 'ipi-waited-for-if', ...goals],
    ranges: new Map([[array.refs.name, { address: array.vec, size: TEXT_POKE_ARRAY_SIZE }]]),
  };
}
