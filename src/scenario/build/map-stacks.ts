import type { NmiStack } from '../../machine/nmi-stack.js';
import type { Memory } from '../../memory/memory.js';
import { DATA } from '../../memory/page.js';
import type { Stacks } from './stacks.js';

/** Maps a stack for the idle task of each CPU and says where each begins to grow. */
export function mapIdleStacks({ idle }: Stacks, memory: Memory): bigint[] {
  return idle.map(({ address, size }) => {
    memory.map(address, size, DATA);
    return address + size;
  });
}

/** Maps the NMI stack of each CPU. */
export function mapNmiStacks({ nmi }: Stacks, memory: Memory): NmiStack[] {
  return nmi.map(({ address, size }) => {
    memory.map(address, size, DATA);
    return { base: address, top: address + size };
  });
}
