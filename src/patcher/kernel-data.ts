import type { Memory } from '../memory/memory.js';
import { DATA } from '../memory/page.js';

/** Where the simulated kernel's own data lies; scenarios must leave these pages alone. */
export const KERNEL_DATA = 0xffffffff84000000n;

/** Data of the simulated kernel that races: it lies in simulated memory, and every access to it is a step. */
export class KernelData {
  private next = KERNEL_DATA;
  readonly symbols = new Map<string, bigint>();

  /** Reserves `size` zero bytes under a name, aligned to 8 bytes. */
  allocate(name: string, size: number): bigint {
    const address = this.next;
    this.symbols.set(name, address);
    this.next += BigInt(Math.ceil(size / 8) * 8);
    return address;
  }

  /** Maps what was reserved. */
  map(memory: Memory): void {
    if (this.next > KERNEL_DATA) memory.map(KERNEL_DATA, this.next - KERNEL_DATA, DATA);
  }
}
