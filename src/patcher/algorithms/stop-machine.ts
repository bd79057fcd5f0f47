import { procedure } from '../../machine/procedure.js';
import type { Algorithm } from '../algorithm.js';
import { RESCHEDULE_VECTOR, stopMachine } from '../multi-cpu-stop.js';
import { patchAt } from '../patch-at.js';
import { packBytes, pokeBytes } from '../poke-bytes.js';

/**
 * text_poke_smp (2010 to 2013, arch/x86/kernel/alternative.c): under stop_machine one CPU copies the new bytes while the
 * others wait, then each serialises before it goes on. The only way that needs no INT3 and no exemption in the letter of
 * Intel's manual.
 */
export const STOP_MACHINE: Algorithm = {
  name: 'stop-machine',
  title: 'all CPUs stopped with IF=0, plain memcpy, each serialises, released',
  install({ data, cpus, patches, order }) {
    const first = data.allocate('stop_machine_first', 8);
    const wroteText = data.allocate('wrote_text', 8);
    // struct text_poke_params: the patches to be applied.
    const params = data.allocate('text_poke_params', 16);
    const patch = patchAt(patches);

    const textPoke = procedure('stop_machine_text_poke', (p) => {
      const chosen = p.local();
      const next = p.local();
      const end = p.local();
      const address = p.local();
      const length = p.local();
      const value = p.local();
      p.step('if (atomic_dec_and_test(&stop_machine_first))', (c) => {
        c.store(first, c.load(first) - 1n);
        c.set(chosen, c.load(first) === 0n ? 1n : 0n);
        c.set(next, c.load(params));
        c.set(end, c.load(params + 8n));
      });
      p.if(
        (c) => c.get(chosen) !== 0n,
        () => {
          p.while(
            (c) => c.get(next) < c.get(end),
            () => {
              p.set(address, (c) => patch(c.get(next)).address);
              p.set(length, (c) => BigInt(patch(c.get(next)).bytes.length));
              p.set(value, (c) => packBytes(patch(c.get(next)).bytes));
              pokeBytes(p, 'text_poke: store one byte', { address, length, value }, order);
              p.set(next, (c) => c.get(next) + 1n);
            },
          );
          p.step('wrote_text = 1', (c) => c.store(wroteText, 1n));
        },
        () => p.wait('while (!wrote_text) cpu_relax()', (c) => c.load(wroteText) !== 0n),
      );
      p.step('sync_core()', (c) => c.host.serialize(c.cpu));
    });

    const stop = stopMachine(data, cpus, textPoke);
    const apply = procedure('text_poke_smp', (p) => {
      const next = p.local();
      const count = p.local();
      p.step('atomic_set(&stop_machine_first, 1); wrote_text = 0', (c) => {
        c.store(params, c.get(next));
        c.store(params + 8n, c.get(next) + c.get(count));
        c.store(first, 1n);
        c.store(wroteText, 0n);
      });
      p.call(stop.call);
    });
    return {
      apply,
      idt: new Map([[RESCHEDULE_VECTOR, { procedure: stop.handler }]]),
      goals: ['cpus-stopped'],
      ranges: new Map(),
    };
  },
};
