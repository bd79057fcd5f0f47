import { FRAME } from '../machine/interrupt-frame.js';
import type { StepContext } from '../machine/step-context.js';

/** The saved registers that an int3 handler edits: words of the interrupt frame, at `regs` on the handler's stack. */
export const ptRegs = {
  ip: (c: StepContext, regs: bigint): bigint => c.load(regs + BigInt(FRAME.rip)),
  setIp: (c: StepContext, regs: bigint, value: bigint): void => c.store(regs + BigInt(FRAME.rip), value),
  flags: (c: StepContext, regs: bigint): bigint => c.load(regs + BigInt(FRAME.rflags)),
  setFlags: (c: StepContext, regs: bigint, value: bigint): void => c.store(regs + BigInt(FRAME.rflags), value),
  sp: (c: StepContext, regs: bigint): bigint => c.load(regs + BigInt(FRAME.rsp)),
  setSp: (c: StepContext, regs: bigint, value: bigint): void => c.store(regs + BigInt(FRAME.rsp), value),
  /** user_mode(regs): CS has the user's privilege level. */
  userMode: (c: StepContext, regs: bigint): boolean => (c.load(regs + BigInt(FRAME.cs)) & 3n) === 3n,
} as const;
