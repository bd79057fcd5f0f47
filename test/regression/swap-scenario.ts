import { defineScenario } from '../../src/scenario/define-scenario.js';
import type { LoadedScenario } from '../../src/scenario/load.js';

/** A few states: a CPU executes a call once whose target is swapped by an algorithm. `memcpy` is a race, `aligned-store` is none. `more`: text behind the rest. */
export function swapBy(algorithm: string, expect?: 'verified' | { violated: string }, more = ''): LoadedScenario {
  return defineScenario({
    scenario: 'swap-by',
    cpus: 2,
    text: [
      { base: 0xffffffff8100c0c0n, asm: 'worker:\nsite: call.rel32 old\nafter: jmp.rel8 worker\n' },
      { base: 0xffffffff82000000n, asm: `old: mov $1, %eax\nret\n.skip 0x1234\nnew: mov $2, %eax\nret\n${more}` },
    ],
    sites: {
      site: { clobbers: ['rax', 'rcx', 'rdx', 'rsi', 'rdi', 'r8', 'r9', 'r10', 'r11'], 'flag-clobbers': 'all' },
    },
    tasks: { patcher: { cpu: 0, procedure: 'patch' }, worker: { cpu: 1, entry: 'worker' } },
    patch: [{ site: 'site', new: 'call.rel32 new' }],
    algorithm,
    profile: 'ideal',
    ...(expect === undefined ? {} : { expect }),
  });
}
