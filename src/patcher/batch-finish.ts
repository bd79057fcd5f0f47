import { INT3_INSN_OPCODE } from '../encoder/instruction-templates.js';
import { type Procedure, procedure } from '../machine/procedure.js';
import type { StepContext } from '../machine/step-context.js';
import type { TextPokeArray } from './text-poke-array.js';

/**
 * smp_text_poke_batch_finish (text_poke_bp_batch) of arch/x86/kernel/alternative.c, the 2025 form: the sites in the array
 * are changed by INT3, tails, first bytes, with a sync core after each. The caller holds text_mutex.
 */
export function batchFinish(array: TextPokeArray, cpus: number, textPoke: Procedure, sync: Procedure): Procedure {
  return procedure('smp_text_poke_batch_finish (text_poke_bp_batch)', (p) => {
    const i = p.local();
    const doSync = p.local();
    const nr = p.local();
    const count = (c: StepContext): bigint => c.get(nr);
    const everyCpu = (): bigint => BigInt(cpus);

    p.step('if (!text_poke_array.nr_entries) return', (c) => c.set(nr, c.load(array.nrEntries)));
    p.if(
      (c) => c.get(nr) === 0n,
      () => p.return(),
    );

    p.for(i, everyCpu, () => {
      p.step('atomic_set_release(text_poke_array_refs of a CPU, 1)', (c) => c.store(array.refsOf(c.get(i)), 1n));
    });
    // smp_wmb(): "refs = 1; WMB; write INT3" pairs with the handler's "INT3; RMB; read refs".

    // "First step: add a INT3 trap to the address that will be patched."
    p.for(i, count, () => {
      p.step('text_poke_array.vec[i].old = *addr', (c) => array.saveOld(c, c.get(i)));
      p.call(textPoke, (c) => [array.address(c, c.get(i)), 1n, BigInt(INT3_INSN_OPCODE)]);
    });
    p.call(sync);

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
    p.if(
      (c) => c.get(doSync) !== 0n,
      () => p.call(sync),
    );

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
    p.if(
      (c) => c.get(doSync) !== 0n,
      () => p.call(sync),
    );

    // "Remove and wait for refs to be zero."
    p.for(i, everyCpu, () => {
      const left = p.local();
      p.step('atomic_dec_and_test(text_poke_array_refs of a CPU)', (c) => {
        const refs = array.refsOf(c.get(i));
        c.store(refs, c.load(refs) - 1n);
        c.set(left, c.load(refs));
      });
      p.if(
        (c) => c.get(left) !== 0n,
        () => p.wait('atomic_cond_read_acquire(refs of the CPU, !VAL)', (c) => c.load(array.refsOf(c.get(i))) === 0n),
      );
    });
    p.step('text_poke_array.nr_entries = 0', (c) => {
      c.store(array.nrEntries, 0n);
      c.host.emit({ kind: 'range-retired', cpu: c.cpu, range: 'text_poke_array.vec' });
    });
  });
}
