import type { Algorithm } from '../algorithm.js';
import { installTextPokeBp } from '../install-text-poke-bp.js';
import { requirePatchable } from '../text-poke-array.js';

/**
 * text_poke_bp whose stores are in order and nothing else: no CPU is ever made to see them.
 */
export const TEXT_POKE_BP_NO_SYNC: Algorithm = {
  name: 'text-poke-bp-no-sync',
  title: 'text_poke_bp without any sync core',
  require: requirePatchable,
  install: (environment) => installTextPokeBp(environment, { syncs: [] }),
};
