import type { Algorithm } from '../algorithm.js';
import { installTextPokeBp } from '../install-text-poke-bp.js';
import { requirePatchable } from '../text-poke-array.js';

/**
 * The emulated call pushes its return address to the stack only: with a shadow stack the callee's RET finds another there, or
 * none (#CP). Without one this is text_poke_bp.
 */
export const EMULATE_NO_FIXUP: Algorithm = {
  name: 'emulate-no-fixup',
  title: 'text_poke_bp whose int3 handler leaves the shadow stack as it is',
  require: requirePatchable,
  install: (environment) => installTextPokeBp(environment, { fixup: false }),
};
