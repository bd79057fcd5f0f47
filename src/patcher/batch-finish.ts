import { INT3_INSN_OPCODE } from '../encoder/instruction-templates.js';
import { type Procedure, procedure } from '../machine/procedure.js';
import type { StepContext } from '../machine/step-context.js';
import type { TextPokeArray } from './text-poke-array.js';

/** A sync core of {@link batchFinish}, by the step that it follows: INT3, tails, first bytes. */
export type SyncAfter = 1 | 2 | 3;
export const EVERY_SYNC: readonly SyncAfter[] = [1, 2, 3];

/**
 * smp_text_poke_batch_finish (text_poke_bp_batch) of arch/x86/kernel/alternative.c: the sites in the array are changed by INT3, tails, first bytes, with a sync core after each. The caller holds text_mutex.
 * @param syncs which of the sync cores are done: without all of them it is a negative control
 */
export function batchFinish(
  array: TextPokeArray,
  textPoke: Procedure,
  sync: Procedure,
  syncs: readonly SyncAfter[] = EVERY_SYNC,
): Procedure {
  return procedure('smp_text_poke_batch_finish (text_poke_bp_batch)', (p) => {
    const i = p.local();
    const doSync = p.local();
    const nr = p.local();
    const count = (c: StepContext): bigint => c.get(nr);
    const syncWhereStored = (step: SyncAfter): void => {
      if (!syncs.includes(step)) return;
      p.if(
        (c) => c.get(doSync) !== 0n,
        () => p.call(sync),
      );
    };

    p.step(array.refs.labels.ifEmpty, (c) => c.set(nr, c.load(array.nrEntries)));
    p.if(
      (c) => c.get(nr) === 0n,
      () => p.return(),
    );

    array.refs.publish(p, i);

    // "First step: add a INT3 trap to the address that will be patched."
    p.for(i, count, () => {
      p.step(array.refs.labels.saveOld, (c) => array.saveOld(c, c.get(i)));
      p.call(textPoke, (c) => [array.address(c, c.get(i)), 1n, BigInt(INT3_INSN_OPCODE)]);
    });
    if (syncs.includes(1)) p.call(sync);

    // "Second step: update all but the first byte of the patched range."
    p.set(doSync, () => 0n);
    p.for(i, count, () => {
      p.if(
        (c) => array.len(c, c.get(i)) > 1n,
        () => {
          p.call(textPoke, (c) => {
            const index = c.get(i);
            return [array.address(c, index) + 1n, array.len(c, index) - 1n, array.tail(c, index)];
          });
          p.set(doSync, (c) => c.get(doSync) + 1n);
        },
      );
    });
    // "According to Intel, this core syncing is very likely not necessary and we'd be safe even without it. But better
    // safe than sorry (plus there's not only Intel)."
    syncWhereStored(2);

    // "Third step: replace the first byte (INT3) by the first byte of the replacing opcode."
    p.set(doSync, () => 0n);
    p.for(i, count, () => {
      p.if(
        (c) => array.firstByte(c, c.get(i)) !== BigInt(INT3_INSN_OPCODE),
        () => {
          p.call(textPoke, (c) => [array.address(c, c.get(i)), 1n, array.firstByte(c, c.get(i))]);
          p.set(doSync, (c) => c.get(doSync) + 1n);
        },
      );
    });
    syncWhereStored(3);

    array.refs.retire(p, { cpu: i, left: p.local() });
  });
}
