import type { Algorithm } from '../algorithm.js';
import { installTextPokeBp } from '../install-text-poke-bp.js';
import { requirePatchable } from '../text-poke-array.js';

/**
 * The emulated call pushes its return address below the RSP of the interrupted code. Delivery aligns RSP to 16 bytes: where
 * it was aligned already, that word is the saved SS, and the IRET of the handler faults; where it was not, the 8 bytes of
 * padding take the push.
 */
export const EMULATE_NO_GAP: Algorithm = {
  name: 'emulate-no-gap',
  title: 'text_poke_bp without the stack gap in the entry code of #BP',
  require: requirePatchable,
  install: (environment) => installTextPokeBp(environment, { gap: false }),
};
