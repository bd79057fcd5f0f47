import type { Algorithm } from '../algorithm.js';
import { installTextPokeBp } from '../install-text-poke-bp.js';
import { requirePatchable } from '../text-poke-array.js';

/**
 * text_poke_bp that does not wait until every CPU sees the INT3: one that read the old first byte before may read the tail
 * while it is written. With coherent fetch nothing can be torn.
 */
export const TEXT_POKE_BP_NO_SYNC1: Algorithm = {
  name: 'text-poke-bp-no-sync1',
  title: 'text_poke_bp without the sync core after INT3',
  require: requirePatchable,
  install: (environment) => installTextPokeBp(environment, { syncs: [2, 3] }),
};
