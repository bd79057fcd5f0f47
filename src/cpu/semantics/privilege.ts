import type { Insn, Value } from '../insn.js';
import { VECTOR } from '../vector.js';

/** IF CPL is not 0 THEN #GP(0). */
export function requireKernel(i: Insn): void {
  i.when(i.cell('cpl').ne(0), () => i.fault(VECTOR.gp, 0));
}

/** The same for instructions that are #UD in the user. */
export function undefinedInUser(i: Insn): void {
  i.when(i.cell('cpl').ne(0), () => i.fault(VECTOR.ud));
}

/** Where an instruction asks for what this machine does not have, the machine stops and says so. */
export function refuseUnsupported(i: Insn, unsupported: Value): void {
  i.when(unsupported, () => i.unsupported());
}
