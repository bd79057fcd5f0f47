import { CALL_INSN_OPCODE, CALL_INSN_SIZE, INT3_INSN_SIZE, RET_INSN_OPCODE } from '../encoder/instruction-templates.js';
import type { ProcedureBuilder } from '../machine/procedure.js';
import type { Local, StepContext } from '../machine/step-context.js';
import { ptRegs } from './pt-regs.js';

/**
 * Adds the step in which an int3 handler does to the shadow stack of the context that it interrupted what the instruction
 * would have done that it is about to emulate ("in-handler emulation has a natural place for the CET SHSTK fixup"). The
 * saved registers are still those of the INT3.
 */
export function shadowStackFixup(p: ProcedureBuilder, regs: Local, opcode: (c: StepContext) => bigint): void {
  const is = (wanted: number) => (c: StepContext) => opcode(c) === BigInt(wanted);
  p.if(is(CALL_INSN_OPCODE), () => {
    p.step('CET SHSTK fixup: push the return address to the shadow stack', (c) => {
      const site = ptRegs.ip(c, c.get(regs)) - BigInt(INT3_INSN_SIZE);
      c.host.emit({ kind: 'shadow-stack', cpu: c.cpu, op: 'push', address: site + BigInt(CALL_INSN_SIZE) });
    });
  });
  p.if(is(RET_INSN_OPCODE), () => {
    p.step('CET SHSTK fixup: pop the return address from the shadow stack', (c) => {
      const address = c.load(ptRegs.sp(c, c.get(regs)));
      c.host.emit({ kind: 'shadow-stack', cpu: c.cpu, op: 'pop', address });
    });
  });
}
