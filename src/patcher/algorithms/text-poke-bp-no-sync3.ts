import type { Algorithm } from '../algorithm.js';
import { installTextPokeBp } from '../install-text-poke-bp.js';
import { requirePatchable } from '../text-poke-array.js';

/**
 * text_poke_bp that drops its references while a CPU may be between the INT3 and the handler's look at them: the handler
 * finds nothing, and the #BP is nobody's. Waiting for the references does not help: that CPU holds none yet.
 */
export const TEXT_POKE_BP_NO_SYNC3: Algorithm = {
  name: 'text-poke-bp-no-sync3',
  title: 'text_poke_bp without the sync core after the first bytes',
  require: requirePatchable,
  install: (environment) => installTextPokeBp(environment, { syncs: [1, 2] }),
};
