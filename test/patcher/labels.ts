/** text_poke(addr, opcode, len), with the number of bytes that it stores. */
export const textPoke = (bytes: number): string[] => [
  'local_irq_save(flags); use_temporary_mm(text_poke_mm)',
  ...Array.from({ length: bytes }, () => 'text_poke_memcpy: store one byte'),
  'unuse_temporary_mm(prev): MOV CR3 serialises; local_irq_restore(flags)',
];

/** smp_text_poke_sync_each_cpu(). */
export const SYNC = [
  'on_each_cpu(do_sync_core): send the IPI to the other CPUs',
  'do_sync_core() on this CPU',
  'wait for all acks',
];
