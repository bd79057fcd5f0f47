import type { KernelData } from './kernel-data.js';

/**
 * The globals of text_poke_bp from 2013 to 2019 (arch/x86/kernel/alternative.c), one site at a time. All of them are read
 * by the int3 handler while the patcher writes them.
 */
export class BpInt3 {
  /** bp_int3_handler: where the CPU that met the INT3 goes on. */
  readonly handler: bigint;
  /** bp_int3_addr: the address after the INT3. */
  readonly addr: bigint;
  /** bp_patching_in_progress */
  readonly inProgress: bigint;

  constructor(data: KernelData) {
    this.handler = data.allocate('bp_int3_handler', 8);
    this.addr = data.allocate('bp_int3_addr', 8);
    this.inProgress = data.allocate('bp_patching_in_progress', 8);
  }
}
