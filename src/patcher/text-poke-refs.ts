import type { ProcedureBuilder } from '../machine/procedure.js';
import type { Local } from '../machine/step-context.js';
import type { TextPokeArray } from './text-poke-array.js';

/**
 * Adds the steps that publish the array to int3 handlers: the references of every possible CPU become 1.
 * @param cpu a local to count CPUs with
 */
export function setRefs(p: ProcedureBuilder, array: TextPokeArray, cpus: number, cpu: Local): void {
  array.visitInOrder();
  p.for(
    cpu,
    () => BigInt(cpus),
    () => {
      p.step('atomic_set_release(text_poke_array_refs of a CPU, 1)', (c) => c.store(array.refsOf(c.get(cpu)), 1n));
    },
  );
  // smp_wmb(): "refs = 1; WMB; write INT3" pairs with the handler's "INT3; RMB; read refs".
}

/**
 * Adds the steps of "Remove and wait for refs to be zero": the reference of every possible CPU is dropped, and the
 * handlers that hold one of their own are waited for; then the array is empty and may be filled for another use.
 * @param locals to count CPUs with, and for what is left of a count
 */
export function dropRefs(
  p: ProcedureBuilder,
  array: TextPokeArray,
  cpus: number,
  { cpu, left }: { readonly cpu: Local; readonly left: Local },
): void {
  array.visitInOrder();
  p.for(
    cpu,
    () => BigInt(cpus),
    () => {
      p.step('atomic_dec_and_test(text_poke_array_refs of a CPU)', (c) => {
        const refs = array.refsOf(c.get(cpu));
        c.store(refs, c.load(refs) - 1n);
        c.set(left, c.load(refs));
      });
      p.if(
        (c) => c.get(left) !== 0n,
        () => p.wait('atomic_cond_read_acquire(refs of the CPU, !VAL)', (c) => c.load(array.refsOf(c.get(cpu))) === 0n),
      );
    },
  );
  p.step('text_poke_array.nr_entries = 0', (c) => {
    c.store(array.nrEntries, 0n);
    c.host.emit({ kind: 'range-retired', cpu: c.cpu, range: 'text_poke_array.vec' });
  });
}
