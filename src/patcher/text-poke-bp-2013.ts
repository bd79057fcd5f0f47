import { INT3_INSN_OPCODE, INT3_INSN_SIZE } from '../encoder/instruction-templates.js';
import { type Procedure, procedure } from '../machine/procedure.js';
import type { BpInt3 } from './bp-int3.js';

const INT3_SIZE = BigInt(INT3_INSN_SIZE);

/**
 * text_poke_bp(addr, opcode, len, handler), the form of 2013 to 2019, in whose days the mails on stubs were written: a
 * CPU that meets the INT3 goes on at `handler`. Arguments: address, bytes (packed), length, handler.
 */
export function textPokeBp2013(bp: BpInt3, textPoke: Procedure, sync: Procedure): Procedure {
  return procedure('text_poke_bp', (p) => {
    const addr = p.local();
    const opcode = p.local();
    const len = p.local();
    const handler = p.local();
    p.step('bp_int3_handler = handler', (c) => c.store(bp.handler, c.get(handler)));
    p.step('bp_int3_addr = addr + sizeof(int3)', (c) => c.store(bp.addr, c.get(addr) + INT3_SIZE));
    p.step('bp_patching_in_progress = true', (c) => c.store(bp.inProgress, 1n));
    // smp_wmb(): whoever sees the INT3 sees these three.
    p.call(textPoke, (c) => [c.get(addr), INT3_SIZE, BigInt(INT3_INSN_OPCODE)]);
    p.call(sync);
    p.if(
      (c) => c.get(len) > INT3_SIZE,
      () => {
        p.call(textPoke, (c) => [c.get(addr) + INT3_SIZE, c.get(len) - INT3_SIZE, c.get(opcode) >> 8n]);
        p.call(sync);
      },
    );
    p.call(textPoke, (c) => [c.get(addr), INT3_SIZE, c.get(opcode) & 0xffn]);
    p.call(sync);
    p.step('bp_patching_in_progress = false', (c) => c.store(bp.inProgress, 0n));
  });
}
