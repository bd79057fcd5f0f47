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

/** IF CPL > IOPL THEN #GP(0). */
export function requireIopl(i: Insn): void {
  const iopl = i.cell('systemFlags').shr(12).and(3);
  i.when(iopl.ltu(i.cell('cpl')), () => i.fault(VECTOR.gp, 0));
}

/** Where an instruction asks for what this machine does not have, the machine stops and says so. */
export function refuseUnsupported(i: Insn, unsupported: Value): void {
  i.when(unsupported, () => i.unsupported());
}
