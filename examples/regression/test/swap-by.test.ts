import { expect, it } from 'vitest';
import { defineScenario } from 'xmc';
import 'xmc/vitest';

/** A CPU executes a call whose target is swapped by an algorithm. */
const swapBy = (algorithm: string) =>
  defineScenario({
    scenario: 'swap-by',
    cpus: 2,
    text: [
      { base: 0xffffffff8100c0ben, asm: 'worker:\nsite: call.rel32 old\nafter: jmp.rel8 worker\n' },
      { base: 0xffffffff82000000n, asm: 'old: mov $1, %eax\nret\n.skip 0x1234\nnew: mov $2, %eax\nret\n' },
    ],
    sites: {
      site: { clobbers: ['rax', 'rcx', 'rdx', 'rsi', 'rdi', 'r8', 'r9', 'r10', 'r11'], 'flag-clobbers': 'all' },
    },
    tasks: { patcher: { cpu: 0, procedure: 'patch' }, worker: { cpu: 1, entry: 'worker' } },
    patch: [{ site: 'site', new: 'call.rel32 new' }],
    algorithm,
    profile: 'ideal',
  });

it('text_poke_bp swaps the target of a call', async () => {
  await expect(swapBy('text-poke-bp')).toBeVerified();
});

it('memcpy lets a CPU execute half of each', async () => {
  await expect(swapBy('memcpy')).toViolate('no-torn-instruction');
  await expect(swapBy('memcpy')).toHaveTrace();
});

it('the schedule in which memcpy goes wrong leads to no violation under text_poke_bp', async () => {
  await expect(swapBy('memcpy')).toReplay('./swap-by.memcpy.schedule');
  await expect(swapBy('text-poke-bp')).not.toReplay('./swap-by.memcpy.schedule');
});
