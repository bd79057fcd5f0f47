import { RFLAGS } from '../cpu/flags.js';
import {
  CALL_INSN_OPCODE,
  CALL_INSN_SIZE,
  JMP8_INSN_OPCODE,
  JMP32_INSN_OPCODE,
  RET_INSN_OPCODE,
} from '../encoder/instruction-templates.js';
import type { StepContext } from '../machine/step-context.js';
import { ptRegs } from './pt-regs.js';

/** int3_emulate_push() of arch/x86/include/asm/text-patching.h: the stack gap makes room below the saved SP. */
function push(c: StepContext, regs: bigint, value: bigint): void {
  ptRegs.setSp(c, regs, ptRegs.sp(c, regs) - 8n);
  c.store(ptRegs.sp(c, regs), value);
}

/** int3_emulate_pop(). */
function pop(c: StepContext, regs: bigint): bigint {
  const value = c.load(ptRegs.sp(c, regs));
  ptRegs.setSp(c, regs, ptRegs.sp(c, regs) + 8n);
  return value;
}

/** The instruction to be emulated, as the int3 handler finds it in the array. */
export interface FoundInsn {
  readonly opcode: bigint;
  readonly disp: bigint;
  /** The address after the site. */
  readonly ip: bigint;
  /** The address of the site. */
  readonly address: bigint;
}

/**
 * Lets the saved registers look as if the instruction at the INT3 had been executed.
 * @returns false for an explicit INT3: "Someone poked an explicit INT3, they'll want to handle it."
 */
export function emulate(c: StepContext, regs: bigint, insn: FoundInsn): boolean {
  const { ip, disp } = insn;
  const opcode = Number(insn.opcode);
  switch (opcode) {
    case RET_INSN_OPCODE:
      ptRegs.setIp(c, regs, pop(c, regs));
      return true;
    case CALL_INSN_OPCODE:
      push(c, regs, insn.address + BigInt(CALL_INSN_SIZE));
      ptRegs.setIp(c, regs, ip + disp);
      return true;
    case JMP32_INSN_OPCODE:
    case JMP8_INSN_OPCODE:
      ptRegs.setIp(c, regs, ip + disp);
      return true;
    default:
      if (opcode < 0x70 || opcode > 0x7f) return false;
      ptRegs.setIp(c, regs, conditionHolds(opcode & 0xf, ptRegs.flags(c, regs)) ? ip + disp : ip);
      return true;
  }
}

const { of, cf, zf, sf, pf } = RFLAGS;
/** jcc_mask[] of int3_emulate_jcc(): the flags of the conditions 0 to 11, two by two. */
const JCC_MASK = [of, cf, zf, cf | zf, sf, pf] as const;

/** int3_emulate_jcc(): whether condition `cc` holds in `flags`. */
function conditionHolds(cc: number, flags: bigint): boolean {
  const invert = (cc & 1) === 1;
  let match: boolean;
  if (cc < 0xc) {
    match = (flags & (JCC_MASK[cc >> 1] ?? 0n)) !== 0n;
  } else {
    match = ((flags & sf) !== 0n) !== ((flags & of) !== 0n);
    if (cc >= 0xe) match ||= (flags & zf) !== 0n;
  }
  return match !== invert;
}
