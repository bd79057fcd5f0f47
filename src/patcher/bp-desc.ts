import type { TextPokeRefsForm } from './text-poke-refs.js';

/**
 * The form of v5.6 to v6.14: struct bp_patching_desc bp_desc, whose one count `refs` every int3 handler raises. Until the
 * fix "x86/alternative: Fix race in try_get_desc()" of 2022 bp_desc was a pointer to a descriptor on the patcher's stack;
 * this is the descriptor as it is since, data of its own. v6.15 replaced the one count, over which CPUs that meet an INT3
 * contend, by one for each CPU.
 */
export const bpDesc: TextPokeRefsForm = (data, _cpus, size) => {
  const desc = {
    vec: data.allocate('bp_desc.vec', 8),
    nrEntries: data.allocate('bp_desc.nr_entries', 8),
    refs: data.allocate('bp_desc.refs', 8),
  };
  const tpVecNr = data.allocate('tp_vec_nr', 8);
  const tpVec = data.allocate('tp_vec', size);
  return {
    labels: {
      add: 'text_poke_loc_init: tp_vec[tp_vec_nr++] = the patch',
      ifEmpty: 'if (!tp_vec_nr) return',
      saveOld: 'tp[i].old = *addr',
      tryGet: 'try_get_desc: raw_atomic_inc_not_zero(&bp_desc.refs)',
      nrEntries: 'nr_entries = desc->nr_entries',
      put: 'put_desc: raw_atomic_dec(&bp_desc.refs)',
    },
    name: 'tp_vec',
    vec: tpVec,
    nrEntries: tpVecNr,
    found: { vec: (c) => c.load(desc.vec), nrEntries: desc.nrEntries },
    of: () => desc.refs,
    publish(p) {
      // Nobody reads them while the count is 0.
      p.step('bp_desc.vec = tp; bp_desc.nr_entries = nr_entries', (c) => {
        c.store(desc.vec, tpVec);
        c.store(desc.nrEntries, c.load(tpVecNr));
      });
      // "Corresponds to the implicit memory barrier in try_get_desc() to ensure reading a non-zero refcount provides up to
      // date bp_desc data."
      p.step('atomic_set_release(&bp_desc.refs, 1)', (c) => c.store(desc.refs, 1n));
      // smp_wmb(): "refs = 1; WMB; write INT3" pairs with the handler's "INT3; RMB; read refs".
    },
    retire(p, { left }) {
      p.step('atomic_dec_and_test(&bp_desc.refs)', (c) => {
        c.store(desc.refs, c.load(desc.refs) - 1n);
        c.set(left, c.load(desc.refs));
      });
      p.if(
        (c) => c.get(left) !== 0n,
        () => p.wait('atomic_cond_read_acquire(&bp_desc.refs, !VAL)', (c) => c.load(desc.refs) === 0n),
      );
      p.step('tp_vec_nr = 0', (c) => {
        c.store(tpVecNr, 0n);
        c.host.emit({ kind: 'range-retired', cpu: c.cpu, range: 'tp_vec' });
      });
    },
  };
};
