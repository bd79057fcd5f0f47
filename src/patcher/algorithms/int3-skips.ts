import type { Algorithm } from '../algorithm.js';
import { installTextPokeBp } from '../install-text-poke-bp.js';
import type { Int3Action } from '../int3-handler.js';
import { ptRegs } from '../pt-regs.js';
import { requirePatchable } from '../text-poke-array.js';

/** What ftrace's handler did: the instruction at the INT3 is passed over, as a NOP. */
export const SKIP: Int3Action = {
  label: 'regs->ip += tpl->len - INT3_INSN_SIZE: skip the instruction',
  run(c, regs, { ip }) {
    ptRegs.setIp(c, regs, ip);
    return true;
  },
};

/**
 * text_poke_bp with a handler that goes on after the site: right where the old or the new instruction is a NOP. Between
 * two calls neither of them happens, which is how livepatched functions were missed until 2019.
 */
export const INT3_SKIPS: Algorithm = {
  name: 'int3-skips',
  title: 'text_poke_bp with an int3 handler that skips the instruction',
  require: requirePatchable,
  install: (environment) => installTextPokeBp(environment, { action: SKIP }),
};
