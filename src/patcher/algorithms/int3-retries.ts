import type { Algorithm } from '../algorithm.js';
import { installTextPokeBp } from '../install-text-poke-bp.js';
import type { Int3Action } from '../int3-handler.js';
import { ptRegs } from '../pt-regs.js';
import { requirePatchable } from '../text-poke-array.js';

/** The instruction at the INT3 is tried again. */
export const RETRY: Int3Action = {
  label: 'regs->ip -= INT3_INSN_SIZE: try again',
  run(c, regs, { address }) {
    ptRegs.setIp(c, regs, address);
    return true;
  },
};

/**
 * text_poke_bp with a handler that goes back to the site until the INT3 is gone. Nothing is emulated and nothing can be
 * wrong, but a CPU with IF=0 at the site goes round for ever: it never takes the IPI that the patcher waits for.
 */
export const INT3_RETRIES: Algorithm = {
  name: 'int3-retries',
  title: 'text_poke_bp with an int3 handler that returns to the site',
  require: requirePatchable,
  install: (environment) => installTextPokeBp(environment, { action: RETRY }),
};
