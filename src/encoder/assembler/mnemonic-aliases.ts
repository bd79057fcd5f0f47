import { Code, Register } from 'iced-x86';
import type { RegisterFile } from './registers.js';
import type { Slot } from './slot.js';

/** Names of GNU as that mean just what another mnemonic means. Size suffixes are part of the names. */
export const mnemonicAliases: Readonly<Record<string, readonly string[]>> = {
  cbw: ['cbtw'],
  cwde: ['cwtl'],
  cdqe: ['cltq'],
  cwd: ['cwtd'],
  cdq: ['cltd'],
  cqo: ['cqto'],
  wait: ['fwait'],
  icebp: ['int1'],
  ud2a: ['ud2'],
  ud2b: ['ud1'],
  sal: ['shl'],
  salb: ['shlb'],
  salw: ['shlw'],
  sall: ['shll'],
  salq: ['shlq'],
  loopz: ['loope'],
  loopzl: ['loopel'],
  loopzq: ['loopeq'],
  loopnz: ['loopne'],
  loopnzl: ['loopnel'],
  loopnzq: ['loopneq'],
  movsxd: ['movslq'],
  movzxw: ['movzwl', 'movzwq'],
  movsxw: ['movswl', 'movswq'],
  movzb: ['movzbw', 'movzbl', 'movzbq'],
  movzw: ['movzwl', 'movzwq'],
  movsb: ['movsbw', 'movsbl', 'movsbq'],
  movsw: ['movswl', 'movswq'],
  movsl: ['movslq'],
  // Without a suffix a memory operand would do for several of these; GNU as takes a far pointer of 16:32 bits.
  lcall: ['lcalll'],
  ljmp: ['ljmpl'],
};

/** As {@link mnemonicAliases}, but only where a register says how wide the source is. */
export const registerSourceAliases: Readonly<Record<string, readonly string[]>> = {
  movzx: ['movzbw', 'movzbl', 'movzbq', 'movzxw', 'movzwl', 'movzwq'],
  movsx: ['movsbw', 'movsbl', 'movsbq', 'movsxw', 'movswl', 'movswq', 'movslq'],
};

/** Other spellings of the condition in `jcc`, `setcc` and `cmovcc`. */
export const conditionAliases: Readonly<Record<string, readonly string[]>> = {
  b: ['c', 'nae'],
  ae: ['nc', 'nb'],
  e: ['z'],
  ne: ['nz'],
  be: ['na'],
  a: ['nbe'],
  p: ['pe'],
  np: ['po'],
  l: ['nge'],
  ge: ['nl'],
  le: ['ng'],
  g: ['nle'],
};

/**
 * Registers of another width that GNU as takes because the result is the same: `mov %ds,%rax` is 8C D8 without REX.W,
 * as writing %eax clears the upper half anyhow, and `lar %ax,%ecx` reads 16 bits only.
 */
export const widerRegisters: ReadonlyMap<Code, readonly (readonly [accepts: RegisterFile, suffix: string])[]> = new Map<
  Code,
  readonly (readonly [RegisterFile, string])[]
>([
  [Code.Mov_r32m16_Sreg, [['gpr64', 'q']]],
  [
    Code.Mov_Sreg_r32m16,
    [
      ['gpr16', 'w'],
      ['gpr64', 'q'],
    ],
  ],
  [Code.Str_r32m16, [['gpr64', 'q']]],
  [Code.Sldt_r32m16, [['gpr64', 'q']]],
  [Code.Lar_r32_r32m16, [['gpr16', 'l']]],
  [Code.Lar_r64_r64m16, [['gpr16', 'q']]],
  [Code.Lsl_r32_r32m16, [['gpr16', 'l']]],
  [Code.Lsl_r64_r64m16, [['gpr16', 'q']]],
]);

/** Implied registers that GNU as lets one write out. */
export const impliedRegisters: Readonly<Record<string, readonly Register[]>> = {
  monitor: [Register.RAX, Register.ECX, Register.EDX],
  mwait: [Register.EAX, Register.ECX],
  monitorx: [Register.RAX, Register.ECX, Register.EDX],
  mwaitx: [Register.EAX, Register.ECX, Register.EBX],
  vmrun: [Register.RAX],
  vmload: [Register.RAX],
  vmsave: [Register.RAX],
  invlpga: [Register.RAX, Register.ECX],
  skinit: [Register.EAX],
  clzero: [Register.RAX],
};

/** Further names for single encodings. */
export const codeAliases: ReadonlyMap<Code, readonly string[]> = new Map<Code, readonly string[]>([
  [Code.Movq_xmm_rm64, ['movd']],
  [Code.Movq_rm64_xmm, ['movd']],
  [Code.Movq_mm_rm64, ['movd']],
  [Code.Movq_rm64_mm, ['movd']],
  [Code.VEX_Vmovq_xmm_rm64, ['vmovd']],
  [Code.VEX_Vmovq_rm64_xmm, ['vmovd']],
  // GNU as takes 32 bits when a memory operand leaves it open.
  [Code.Cvtsi2ss_xmm_rm32, ['cvtsi2ss']],
  [Code.Cvtsi2sd_xmm_rm32, ['cvtsi2sd']],
  [Code.VEX_Vcvtsi2ss_xmm_xmm_rm32, ['vcvtsi2ss']],
  [Code.VEX_Vcvtsi2sd_xmm_xmm_rm32, ['vcvtsi2sd']],
]);

/**
 * Encodings that no assembler chooses: undocumented twins of others, Knights Corner's, UD0 without its operands, and
 * REX.W before 90, for which GNU as writes 90.
 */
export function isNeverChosen(code: Code): boolean {
  const name = Code[code] ?? '';
  return (
    code === Code.Nopq ||
    code === Code.Ud0 ||
    /^(Sal_|Reservednop_|VEX_KNC_|Fstpnce_)|_(F6r1|F7r1|DCD0|DCD8|DDC8|DED0|DFC8|DFD0|DFD8)$/.test(name)
  );
}

const registerOnly: ReadonlySet<Code> = new Set([
  Code.Movq_xmm_rm64,
  Code.Movq_rm64_xmm,
  Code.VEX_Vmovq_xmm_rm64,
  Code.VEX_Vmovq_rm64_xmm,
]);

/** With memory, `movq` has encodings of its own, which need no REX.W. */
export function isRegisterOnly(code: Code, slots: readonly Slot[]): boolean {
  return registerOnly.has(code) && slots.some((slot) => slot.kind === 'memory');
}
