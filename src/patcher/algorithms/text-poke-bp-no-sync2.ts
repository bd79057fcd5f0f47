import type { Algorithm } from '../algorithm.js';
import { installTextPokeBp } from '../install-text-poke-bp.js';
import { requirePatchable } from '../text-poke-array.js';

/**
 * text_poke_bp without the sync core of which the kernel says "According to Intel, this core syncing is very likely not
 * necessary": a CPU may see the new first byte before the new tail only where its fetches go back in time.
 */
export const TEXT_POKE_BP_NO_SYNC2: Algorithm = {
  name: 'text-poke-bp-no-sync2',
  title: 'text_poke_bp without the sync core after the tails',
  require: requirePatchable,
  install: (environment) => installTextPokeBp(environment, { syncs: [1, 3] }),
};
