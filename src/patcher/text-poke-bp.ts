import { VECTOR } from '../cpu/vector.js';
import type { Patch } from '../machine/patch.js';
import { procedure } from '../machine/procedure.js';
import type { Algorithm } from './algorithm.js';
import { batchFinish } from './batch-finish.js';
import { excInt3, int3Handler } from './int3-handler.js';
import { textPoke } from './text-poke.js';
import { requirePatchable, TEXT_POKE_ARRAY_MAX, TextPokeArray } from './text-poke-array.js';

/**
 * text_poke_bp, in its form of 2025: smp_text_poke_batch_add (text_poke_queue) for each patch, which flushes the array
 * when it is full or the addresses would not stay sorted, then smp_text_poke_batch_finish (text_poke_bp_batch).
 */
export const TEXT_POKE_BP: Algorithm = {
  name: 'text-poke-bp',
  title: 'INT3, sync, tails, sync, first bytes, sync; the int3 handler emulates the new instruction',
  require: requirePatchable,
  install({ data, cpus, sync, patches, order }) {
    for (const patch of patches) requirePatchable(patch);
    const array = new TextPokeArray(data, cpus);
    const finish = batchFinish(array, cpus, textPoke(order), sync.call);
    const patch = (index: bigint): Patch => {
      const found = patches[Number(index)];
      if (found === undefined) throw new Error(`no patch ${index}`);
      return found;
    };
    const apply = procedure('smp_text_poke_batch_add (text_poke_queue)', (p) => {
      const next = p.local();
      const count = p.local();
      const nr = p.local();
      p.while(
        (c) => c.get(count) > 0n,
        () => {
          p.if(
            (c) =>
              c.get(nr) === BigInt(TEXT_POKE_ARRAY_MAX) ||
              (c.get(nr) > 0n && array.address(c, c.get(nr) - 1n) > patch(c.get(next)).address),
            () => {
              p.call(finish);
              p.set(nr, () => 0n);
            },
          );
          p.step('__smp_text_poke_batch_add: vec[nr_entries++] = the patch', (c) => {
            array.write(c, c.get(nr), patch(c.get(next)));
            c.store(array.nrEntries, c.get(nr) + 1n);
          });
          p.set(nr, (c) => c.get(nr) + 1n);
          p.set(next, (c) => c.get(next) + 1n);
          p.set(count, (c) => c.get(count) - 1n);
        },
      );
      p.call(finish);
    });
    return {
      apply,
      idt: new Map([[VECTOR.bp, { procedure: excInt3(int3Handler(array)) }]]),
      goals: ['int3-executed'],
      ranges: new Map([['text_poke_array.vec', { address: array.vec, size: 16 * TEXT_POKE_ARRAY_MAX }]]),
    };
  },
};
