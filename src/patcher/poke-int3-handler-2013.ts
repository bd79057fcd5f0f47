import { type Procedure, type ProcedureBuilder, procedure } from '../machine/procedure.js';
import type { Local } from '../machine/step-context.js';
import type { BpInt3 } from './bp-int3.js';
import { ptRegs } from './pt-regs.js';

/**
 * poke_int3_handler of 2013 to 2019: a CPU that met the INT3 of the one site that is being patched goes on at
 * bp_int3_handler. Argument: regs. Returns 1 when it consumed the #BP.
 * @param adjust adds steps that may change `newip` and the saved registers before the CPU goes there
 */
export function pokeInt3Handler2013(
  bp: BpInt3,
  adjust: (p: ProcedureBuilder, regs: Local, newip: Local) => void,
): Procedure {
  return procedure('poke_int3_handler', (p) => {
    const regs = p.local();
    const read = p.local();
    const newip = p.local();
    // The barrier pairs with that of text_poke_bp: the INT3 was seen, so the flag that was set before it is.
    p.step('smp_rmb(); read bp_patching_in_progress', (c) => c.set(read, c.load(bp.inProgress)));
    p.if(
      (c) => c.get(read) === 0n || ptRegs.userMode(c, c.get(regs)),
      () => p.return(),
    );
    p.step('regs->ip == bp_int3_addr ?', (c) => c.set(read, c.load(bp.addr)));
    p.if(
      (c) => ptRegs.ip(c, c.get(regs)) !== c.get(read),
      () => p.return(),
    );
    p.step('newip = bp_int3_handler', (c) => c.set(newip, c.load(bp.handler)));
    adjust(p, regs, newip);
    p.step('regs->ip = newip', (c) => ptRegs.setIp(c, c.get(regs), c.get(newip)));
    p.return(() => 1n);
  });
}
