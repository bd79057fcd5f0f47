import { OpCodeOperandKind as Kind, OpKind, Register } from '../iced.js';
import type { RegisterFile } from './registers.js';

/** An immediate field of an encoding. */
export interface ImmediateSlot {
  readonly kind: 'immediate';
  readonly bits: 8 | 16 | 32 | 64;
  /** the operand width that the field is sign-extended to; 0 when it is used as it stands */
  readonly extendedTo: 0 | 16 | 32 | 64;
  readonly opKind: OpKind;
}

/** What one operand of an encoding can be: iced's operand kinds, each told apart as far as the assembler needs. */
export type Slot =
  /** `accepts` is written in the text, `encodes` is what iced wants: `lldt %ax` is encoded with a 32-bit register */
  | { readonly kind: 'register'; readonly accepts: RegisterFile; readonly encodes: RegisterFile }
  | { readonly kind: 'fixed'; readonly register: Register }
  | { readonly kind: 'memory' }
  /** memory with a vector register as index */
  | { readonly kind: 'vector memory'; readonly index: RegisterFile }
  /** a 64-bit absolute address in the instruction, without ModRM */
  | { readonly kind: 'absolute' }
  /** the implied memory operand of string instructions, `xlat` and `maskmovq` */
  | { readonly kind: 'string'; readonly base: Register; readonly opKinds: readonly [wide: OpKind, narrow: OpKind] }
  | ImmediateSlot
  /** an immediate that the opcode implies */
  | { readonly kind: 'constant'; readonly value: bigint }
  | { readonly kind: 'branch'; readonly bits: 8 | 32 };

const register = (file: RegisterFile): Slot => ({ kind: 'register', accepts: file, encodes: file });
const fixed = (name: Register): Slot => ({ kind: 'fixed', register: name });
const vector = (index: RegisterFile): Slot => ({ kind: 'vector memory', index });
const memory: Slot = { kind: 'memory' };
const branch = (bits: 8 | 32): Slot => ({ kind: 'branch', bits });
const immediate = (bits: 8 | 16 | 32 | 64, extendedTo: 0 | 16 | 32 | 64, opKind: OpKind): Slot => ({
  kind: 'immediate',
  bits,
  extendedTo,
  opKind,
});
const string = (base: Register, wide: OpKind, narrow: OpKind): Slot => ({
  kind: 'string',
  base,
  opKinds: [wide, narrow],
});

/**
 * The register and memory alternatives of every operand kind; a kind that is not here is not assembled (16-bit
 * branches, far branches, EVEX and MVEX operands).
 */
const slots: ReadonlyMap<Kind, readonly Slot[]> = new Map<Kind, readonly Slot[]>([
  [Kind.mem_offs, [{ kind: 'absolute' }]],
  [Kind.mem, [memory]],
  [Kind.mem_mpx, [memory]],
  [Kind.mem_mib, [memory]],
  [Kind.sibmem, [memory]],
  [Kind.mem_vsib32x, [vector('xmm')]],
  [Kind.mem_vsib64x, [vector('xmm')]],
  [Kind.mem_vsib32y, [vector('ymm')]],
  [Kind.mem_vsib64y, [vector('ymm')]],
  [Kind.r8_or_mem, [register('gpr8'), memory]],
  [Kind.r16_or_mem, [register('gpr16'), memory]],
  [Kind.r32_or_mem, [register('gpr32'), memory]],
  [Kind.r32_or_mem_mpx, [register('gpr32'), memory]],
  [Kind.r64_or_mem, [register('gpr64'), memory]],
  [Kind.r64_or_mem_mpx, [register('gpr64'), memory]],
  [Kind.mm_or_mem, [register('mm'), memory]],
  [Kind.xmm_or_mem, [register('xmm'), memory]],
  [Kind.ymm_or_mem, [register('ymm'), memory]],
  [Kind.bnd_or_mem_mpx, [register('bound'), memory]],
  [Kind.k_or_mem, [register('mask'), memory]],
  [Kind.r8_reg, [register('gpr8')]],
  [Kind.r8_opcode, [register('gpr8')]],
  [Kind.r16_reg, [register('gpr16')]],
  [Kind.r16_reg_mem, [register('gpr16')]],
  [Kind.r16_rm, [register('gpr16')]],
  [Kind.r16_opcode, [register('gpr16')]],
  [Kind.r32_reg, [register('gpr32')]],
  [Kind.r32_reg_mem, [register('gpr32')]],
  [Kind.r32_rm, [register('gpr32')]],
  [Kind.r32_opcode, [register('gpr32')]],
  [Kind.r32_vvvv, [register('gpr32')]],
  [Kind.r64_reg, [register('gpr64')]],
  [Kind.r64_reg_mem, [register('gpr64')]],
  [Kind.r64_rm, [register('gpr64')]],
  [Kind.r64_opcode, [register('gpr64')]],
  [Kind.r64_vvvv, [register('gpr64')]],
  [Kind.seg_reg, [register('segment')]],
  [Kind.k_reg, [register('mask')]],
  [Kind.k_rm, [register('mask')]],
  [Kind.k_vvvv, [register('mask')]],
  [Kind.mm_reg, [register('mm')]],
  [Kind.mm_rm, [register('mm')]],
  [Kind.xmm_reg, [register('xmm')]],
  [Kind.xmm_rm, [register('xmm')]],
  [Kind.xmm_vvvv, [register('xmm')]],
  [Kind.xmm_is4, [register('xmm')]],
  [Kind.xmm_is5, [register('xmm')]],
  [Kind.ymm_reg, [register('ymm')]],
  [Kind.ymm_rm, [register('ymm')]],
  [Kind.ymm_vvvv, [register('ymm')]],
  [Kind.ymm_is4, [register('ymm')]],
  [Kind.ymm_is5, [register('ymm')]],
  [Kind.tmm_reg, [register('tile')]],
  [Kind.tmm_rm, [register('tile')]],
  [Kind.tmm_vvvv, [register('tile')]],
  [Kind.cr_reg, [register('control')]],
  [Kind.dr_reg, [register('debug')]],
  [Kind.bnd_reg, [register('bound')]],
  [Kind.sti_opcode, [register('st')]],
  [Kind.es, [fixed(Register.ES)]],
  [Kind.cs, [fixed(Register.CS)]],
  [Kind.ss, [fixed(Register.SS)]],
  [Kind.ds, [fixed(Register.DS)]],
  [Kind.fs, [fixed(Register.FS)]],
  [Kind.gs, [fixed(Register.GS)]],
  [Kind.al, [fixed(Register.AL)]],
  [Kind.cl, [fixed(Register.CL)]],
  [Kind.ax, [fixed(Register.AX)]],
  [Kind.dx, [fixed(Register.DX)]],
  [Kind.eax, [fixed(Register.EAX)]],
  [Kind.rax, [fixed(Register.RAX)]],
  [Kind.st0, [fixed(Register.ST0)]],
  [Kind.imm8, [immediate(8, 0, OpKind.Immediate8)]],
  [Kind.imm8_const_1, [{ kind: 'constant', value: 1n }]],
  [Kind.imm8sex16, [immediate(8, 16, OpKind.Immediate8to16)]],
  [Kind.imm8sex32, [immediate(8, 32, OpKind.Immediate8to32)]],
  [Kind.imm8sex64, [immediate(8, 64, OpKind.Immediate8to64)]],
  [Kind.imm16, [immediate(16, 0, OpKind.Immediate16)]],
  [Kind.imm32, [immediate(32, 0, OpKind.Immediate32)]],
  [Kind.imm32sex64, [immediate(32, 64, OpKind.Immediate32to64)]],
  [Kind.imm64, [immediate(64, 0, OpKind.Immediate64)]],
  [Kind.seg_rSI, [string(Register.RSI, OpKind.MemorySegRSI, OpKind.MemorySegESI)]],
  [Kind.es_rDI, [string(Register.RDI, OpKind.MemoryESRDI, OpKind.MemoryESEDI)]],
  [Kind.seg_rDI, [string(Register.RDI, OpKind.MemorySegRDI, OpKind.MemorySegEDI)]],
  [Kind.seg_rBX_al, [string(Register.RBX, OpKind.Memory, OpKind.Memory)]],
  [Kind.br64_1, [branch(8)]],
  [Kind.br64_4, [branch(32)]],
  [Kind.xbegin_4, [branch(32)]],
]);

/** What an operand of iced's kind can be, or nothing when the assembler does not handle the kind. */
export function slotsOf(kind: Kind): readonly Slot[] | undefined {
  return slots.get(kind);
}
