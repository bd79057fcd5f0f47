import type { ProcedureBuilder } from '../machine/procedure.js';
import type { Local, StepContext } from '../machine/step-context.js';
import type { KernelData } from './kernel-data.js';
import type { KernelSymbol } from './kernel-symbols.js';

/** Steps around the array whose labels name data that each form has in another place. */
type LabelledStep = 'add' | 'ifEmpty' | 'saveOld' | 'tryGet' | 'nrEntries' | 'put';

/** What the array's steps may count with. */
export interface RefsLocals {
  /** For CPUs. */
  readonly cpu: Local;
  /** For what is left of a count. */
  readonly left: Local;
}

/** The data by which int3 handlers find an array of patches, and the references by which they hold it. */
export interface TextPokeRefs {
  readonly labels: Readonly<Record<LabelledStep, string>>;
  /** The array; its name is also that of the range that is used again. */
  readonly name: KernelSymbol;
  readonly vec: bigint;
  /** How many entries the patcher has put into it. */
  readonly nrEntries: bigint;
  /** Where an int3 handler that holds a reference finds the array, and the address of how many entries it has. */
  readonly found: { readonly vec: (c: StepContext) => bigint; readonly nrEntries: bigint };
  /** Where the count lies that an int3 handler on this CPU raises. */
  of(cpu: number): bigint;
  /** Adds the steps that let int3 handlers find the array. */
  publish(p: ProcedureBuilder, cpu: Local): void;
  /**
   * Adds the steps of "Remove and wait for refs to be zero": handlers that hold a reference of their own are waited for;
   * then the array is empty and may be filled for another use.
   */
  retire(p: ProcedureBuilder, locals: RefsLocals): void;
}

/** Reserves the data of a form. `size`: bytes of the array. */
export type TextPokeRefsForm = (data: KernelData, cpus: number, size: number) => TextPokeRefs;

/** The form of 2025, v6.15 and later: struct text_poke_array, and text_poke_array_refs of each CPU. */
export const perCpuRefs: TextPokeRefsForm = (data, cpus, size) => {
  const nrEntries = data.allocate('text_poke_array.nr_entries', 8);
  const refs = data.allocate('text_poke_array_refs', 8 * cpus, { perCpu: true });
  const vec = data.allocate('text_poke_array.vec', size);
  const of = (cpu: number | bigint): bigint => refs + 8n * BigInt(cpu);
  const forEachPossibleCpu = (p: ProcedureBuilder, cpu: Local, body: () => void): void => {
    data.tellApart('text_poke_array_refs are changed CPU by CPU');
    p.for(cpu, () => BigInt(cpus), body);
  };
  return {
    labels: {
      add: '__smp_text_poke_batch_add: vec[nr_entries++] = the patch',
      ifEmpty: 'if (!text_poke_array.nr_entries) return',
      saveOld: 'text_poke_array.vec[i].old = *addr',
      tryGet: 'raw_atomic_inc_not_zero(this_cpu_ptr(&text_poke_array_refs))',
      nrEntries: 'nr_entries = text_poke_array.nr_entries',
      put: 'put_text_poke_array: raw_atomic_dec(refs)',
    },
    name: 'text_poke_array.vec',
    vec,
    nrEntries,
    found: { vec: () => vec, nrEntries },
    of,
    publish(p, cpu) {
      forEachPossibleCpu(p, cpu, () => {
        p.step('atomic_set_release(text_poke_array_refs of a CPU, 1)', (c) => c.store(of(c.get(cpu)), 1n));
      });
      // smp_wmb(): "refs = 1; WMB; write INT3" pairs with the handler's "INT3; RMB; read refs".
    },
    retire(p, { cpu, left }) {
      forEachPossibleCpu(p, cpu, () => {
        p.step('atomic_dec_and_test(text_poke_array_refs of a CPU)', (c) => {
          const count = of(c.get(cpu));
          c.store(count, c.load(count) - 1n);
          c.set(left, c.load(count));
        });
        p.if(
          (c) => c.get(left) !== 0n,
          () => p.wait('atomic_cond_read_acquire(refs of the CPU, !VAL)', (c) => c.load(of(c.get(cpu))) === 0n),
        );
      });
      p.step('text_poke_array.nr_entries = 0', (c) => {
        c.store(nrEntries, 0n);
        c.host.emit({ kind: 'range-retired', cpu: c.cpu, range: 'text_poke_array.vec' });
      });
    },
  };
};
