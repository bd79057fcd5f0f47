/** What the simulated kernel's data is called, whichever algorithm has it: scenarios may name it. */
export const KERNEL_SYMBOLS = [
  'call_function_queue',
  'call_function_waiting',
  'multi_stop_data.state',
  'multi_stop_data.thread_ack',
  'text_poke_array.nr_entries',
  'text_poke_array_refs',
  'text_poke_array.vec',
  'bp_desc.vec',
  'bp_desc.nr_entries',
  'bp_desc.refs',
  'tp_vec',
  'tp_vec_nr',
  'bp_int3_handler',
  'bp_int3_addr',
  'bp_patching_in_progress',
  'bp_call_function',
  'stop_machine_first',
  'wrote_text',
  'text_poke_params',
  'per_cpu_areas',
  'rcu_tasks_holdouts',
  'rcu_tasks_rude_holdouts',
  'context_tracking.work',
] as const;
export type KernelSymbol = (typeof KERNEL_SYMBOLS)[number];

/** Per-CPU data: `name@cpu`. */
export const PER_CPU_SYMBOLS = ['bp_call_return', 'bp_call_target'] as const;
export type PerCpuSymbol = (typeof PER_CPU_SYMBOLS)[number];

/** Every name that data of the simulated kernel may have on so many CPUs. */
export function kernelSymbolNames(cpus: number): string[] {
  const each = Array.from({ length: cpus }, (_, cpu) => cpu);
  return [...KERNEL_SYMBOLS, ...PER_CPU_SYMBOLS.flatMap((name) => each.map((cpu) => `${name}@${cpu}`))];
}
