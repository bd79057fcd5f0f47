import type { Algorithm } from './algorithm.js';
import { installTextPokeBp } from './install-text-poke-bp.js';
import { requirePatchable } from './text-poke-array.js';

/** text_poke_bp as the kernel has it: see {@link installTextPokeBp}. */
export const TEXT_POKE_BP: Algorithm = {
  name: 'text-poke-bp',
  title: 'INT3, sync, tails, sync, first bytes, sync; the int3 handler emulates the new instruction',
  require: requirePatchable,
  install: (environment) => installTextPokeBp(environment),
};
