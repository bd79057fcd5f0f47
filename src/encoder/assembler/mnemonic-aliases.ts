import { Code } from '../iced.js';
import type { Syntax } from '../syntax.js';

type Aliases = Readonly<Record<string, readonly string[]>>;

const sharedAliases: Aliases = {
  icebp: ['int1'],
  ud2a: ['ud2'],
  ud2b: ['ud1'],
  sal: ['shl'],
  salb: ['shlb'],
  salw: ['shlw'],
  salq: ['shlq'],
  loopz: ['loope'],
  loopnz: ['loopne'],
};

const attAliases: Aliases = {
  ...sharedAliases,
  cbw: ['cbtw'],
  cwde: ['cwtl'],
  cdqe: ['cltq'],
  cwd: ['cwtd'],
  cdq: ['cltd'],
  cqo: ['cqto'],
  wait: ['fwait'],
  sall: ['shll'],
  loopzl: ['loopel'],
  loopzq: ['loopeq'],
  loopnzl: ['loopnel'],
  loopnzq: ['loopneq'],
  movsxd: ['movslq'],
  movzxw: ['movzwl', 'movzwq'],
  movsxw: ['movswl', 'movswq'],
  movzxb: ['movzbw', 'movzbl', 'movzbq'],
  movzb: ['movzbw', 'movzbl', 'movzbq'],
  movzw: ['movzwl', 'movzwq'],
  movsxb: ['movsbw', 'movsbl', 'movsbq'],
  movsb: ['movsbw', 'movsbl', 'movsbq'],
  movsw: ['movswl', 'movswq'],
  movsl: ['movslq'],
  movsxl: ['movslq'],
  ud2bw: ['ud1w'],
  ud2bl: ['ud1l'],
  ud2bq: ['ud1q'],
  pcmpestril: ['pcmpestri'],
  pcmpestrml: ['pcmpestrm'],
  xsaveq: ['xsave64'],
  xrstorq: ['xrstor64'],
  xsaveoptq: ['xsaveopt64'],
};

const intelAliases: Aliases = {
  ...sharedAliases,
  pushf: ['pushfq'],
  popf: ['popfq'],
  cbtw: ['cbw'],
  cwtl: ['cwde'],
  cltq: ['cdqe'],
  cwtd: ['cwd'],
  cltd: ['cdq'],
  cqto: ['cqo'],
  fwait: ['wait'],
  loopzd: ['looped'],
  loopnzd: ['loopned'],
  loopzq: ['loopeq'],
  loopnzq: ['loopneq'],
  lret: ['retf'],
  lretw: ['retfw'],
  lretd: ['retfd'],
  lretq: ['retfq'],
};

/** Names of GNU as that mean just what another mnemonic means. Size suffixes are part of the names. */
export const mnemonicAliases: Readonly<Record<Syntax, Aliases>> = { att: attAliases, intel: intelAliases };

/** Names in AT&T syntax that mean what others mean where a register says how wide the source is. */
export const registerSourceAliases: Aliases = {
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

type CodeAliases = ReadonlyMap<Code, readonly string[]>;

const sharedCodeAliases: readonly (readonly [Code, readonly string[]])[] = [
  [Code.Movq_xmm_rm64, ['movd']],
  [Code.Movq_rm64_xmm, ['movd']],
  [Code.Movq_mm_rm64, ['movd']],
  [Code.Movq_rm64_mm, ['movd']],
  [Code.VEX_Vmovq_xmm_rm64, ['vmovd']],
  [Code.VEX_Vmovq_rm64_xmm, ['vmovd']],
  // A far pointer of 16:32 bits, where one of another size would do too.
  [Code.Call_m1632, ['lcall']],
  [Code.Jmp_m1632, ['ljmp']],
  // GNU as warns that it guesses 32 bits, and disassemblers print it so.
  [Code.Retfd, ['lret', 'retf']],
  [Code.Retfd_imm16, ['lret', 'retf']],
];

/** Further names for single encodings. */
export const codeAliases: Readonly<Record<Syntax, CodeAliases>> = {
  att: new Map<Code, readonly string[]>([
    ...sharedCodeAliases,
    // GNU as takes 32 bits when a memory operand leaves it open.
    [Code.Cvtsi2ss_xmm_rm32, ['cvtsi2ss']],
    [Code.Cvtsi2sd_xmm_rm32, ['cvtsi2sd']],
    [Code.VEX_Vcvtsi2ss_xmm_xmm_rm32, ['vcvtsi2ss']],
    [Code.VEX_Vcvtsi2sd_xmm_xmm_rm32, ['vcvtsi2sd']],
  ]),
  intel: new Map<Code, readonly string[]>([...sharedCodeAliases, [Code.Movsxd_r64_rm32, ['movsx', 'movslq']]]),
};
