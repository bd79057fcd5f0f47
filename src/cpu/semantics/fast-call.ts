import { EFER, GPR, SELECTOR } from '../cells.js';
import { Definitions } from '../definition.js';
import { RFLAGS, setStatusFlags, statusFlags } from '../flags.js';
import type { Insn, Value } from '../insn.js';
import { VECTOR } from '../vector.js';
import { begun } from './begun-registers.js';
import { refuseUnsupported, requireKernel } from './privilege.js';

const definitions = new Definitions();
/** Fast calls to the system: SYSCALL SYSRET. Neither is serialising. */
export const FAST_CALL = definitions.all;

function requireSce(i: Insn): void {
  i.when(begun(i, 'efer').and(EFER.sce).eq(0), () => i.fault(VECTOR.ud));
}

function setRflags(i: Insn, rflags: Value): void {
  setStatusFlags(i, rflags);
  i.setCell('systemFlags', rflags.and(SYSTEM_FLAGS).or(RFLAGS.fixed));
}

/** What R11 is loaded into, but for the status flags: TF IF DF IOPL NT AC VIF VIP ID, not RF. */
const SYSTEM_FLAGS = 0x3c7700n;

/*
 * SYSCALL — Fast System Call. IF IA32_EFER.SCE is 0 THEN #UD. RCX := RIP; RIP := IA32_LSTAR; R11 := RFLAGS; RFLAGS :=
 * RFLAGS AND NOT IA32_FMASK; CS.Selector := IA32_STAR[47:32] AND FFFCH; SS.Selector := IA32_STAR[47:32] + 8; CPL := 0.
 * The machine has no other segments for the kernel than its own.
 */
definitions.define('syscall', { forms: [''], sizes: [8] }, (i) => {
  requireSce(i);
  const selector = begun(i, 'star').shr(32).zext(2);
  refuseUnsupported(i, selector.ne(SELECTOR.kernelCode));
  const rflags = i.cell('systemFlags').and(~RFLAGS.rf).or(statusFlags(i));
  i.setRegister(GPR.rcx, i.next());
  i.setRegister(GPR.r11, rflags);
  setRflags(i, rflags.and(i.cell('fmask').not()));
  i.setCell('cpl', i.constant(0));
  i.signal('syscall');
  i.jump(i.cell('lstar'));
});

/*
 * SYSRET, 64-bit operand size — Return From Fast System Call. IF IA32_EFER.SCE is 0 THEN #UD. IF CPL is not 0 or RCX
 * is not canonical THEN #GP(0). RIP := RCX; RFLAGS := (R11 AND 3C7FD7H) OR 2; CS.Selector := IA32_STAR[63:48] + 16
 * with RPL 3; SS.Selector := IA32_STAR[63:48] + 8 with RPL 3; CPL := 3. Other segments than the user's do not exist.
 */
definitions.define('sysretq', { forms: [''], sizes: [8] }, (i) => {
  requireSce(i);
  requireKernel(i);
  const rip = i.register(GPR.rcx);
  i.requireCanonical(rip);
  const selector = begun(i, 'star').shr(48).add(16).or(3);
  refuseUnsupported(i, selector.ne(SELECTOR.userCode));
  setRflags(i, i.register(GPR.r11));
  i.setCell('cpl', i.constant(3));
  i.signal('sysret');
  i.jump(rip);
});

/* SYSRET, 32-bit operand size, returns to compatibility mode, which does not exist. */
definitions.define('sysret', { forms: [''], sizes: [8] }, (i) => {
  requireSce(i);
  requireKernel(i);
  i.unsupported();
});
