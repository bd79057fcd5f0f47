import { type Procedure, procedure } from '../machine/procedure.js';
import { type PokeOrder, pokeBytes } from './poke-bytes.js';

/**
 * text_poke(addr, opcode, len) of arch/x86/kernel/alternative.c: a memcpy through a temporary mapping, with interrupts
 * off. Loading the previous page tables back is a MOV to CR3, which serialises the patching CPU. Arguments: address,
 * length, bytes (packed).
 */
export function textPoke(order: PokeOrder): Procedure {
  return procedure('text_poke', (p) => {
    const address = p.local();
    const length = p.local();
    const value = p.local();
    const flags = p.local();
    p.step('local_irq_save(flags); use_temporary_mm(text_poke_mm)', (c) => {
      c.set(flags, c.state.interruptsEnabled ? 1n : 0n);
      c.state.setInterruptsEnabled(false);
    });
    pokeBytes(p, 'text_poke_memcpy: store one byte', { address, length, value }, order);
    p.step('unuse_temporary_mm(prev): MOV CR3 serialises; local_irq_restore(flags)', (c) => {
      c.host.serialize(c.cpu);
      c.state.setInterruptsEnabled(c.get(flags) !== 0n);
    });
  });
}
