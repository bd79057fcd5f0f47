import { Code } from '../iced.js';
import type { RegisterFile } from './registers.js';

type Widths = readonly (readonly [accepts: RegisterFile, suffix: string])[];

/** Moves between a vector register and 32 bits or less of a general-purpose one. */
const withoutRexW: readonly Code[] = [
  Code.Movmskps_r32_xmm,
  Code.Movmskpd_r32_xmm,
  Code.Pmovmskb_r32_mm,
  Code.Pmovmskb_r32_xmm,
  Code.Pextrw_r32_mm_imm8,
  Code.Pextrw_r32_xmm_imm8,
  Code.Pextrw_r32m16_xmm_imm8,
  Code.Pinsrw_mm_r32m16_imm8,
  Code.Pinsrw_xmm_r32m16_imm8,
  Code.VEX_Vmovmskps_r32_xmm,
  Code.VEX_Vmovmskps_r32_ymm,
  Code.VEX_Vmovmskpd_r32_xmm,
  Code.VEX_Vmovmskpd_r32_ymm,
  Code.VEX_Vpmovmskb_r32_xmm,
  Code.VEX_Vpmovmskb_r32_ymm,
  Code.VEX_Vpextrw_r32_xmm_imm8,
  Code.VEX_Vpextrw_r32m16_xmm_imm8,
  Code.VEX_Vpinsrw_xmm_xmm_r32m16_imm8,
];

/** The same, of which GNU as takes no size suffix. */
const bytesAndFloats: readonly Code[] = [
  Code.Pextrb_r32m8_xmm_imm8,
  Code.Extractps_rm32_xmm_imm8,
  Code.Pinsrb_xmm_r32m8_imm8,
  Code.VEX_Vpextrb_r32m8_xmm_imm8,
  Code.VEX_Vextractps_rm32_xmm_imm8,
  Code.VEX_Vpinsrb_xmm_xmm_r32m8_imm8,
];

/**
 * Registers of another width that GNU as takes because the result is the same: `mov %ds,%rax` is 8C D8 without REX.W,
 * as writing %eax clears the upper half anyhow, and `lar %ax,%ecx` reads 16 bits only. `pextrw $1,%xmm0,%rax` and its
 * like have an encoding with REX.W too, which no assembler chooses.
 */
export const widerRegisters: ReadonlyMap<Code, Widths> = new Map<Code, Widths>([
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
  [Code.Lkgs_r32m16, [['gpr32', 'l']]],
  [Code.Lkgs_r64m16, [['gpr64', 'q']]],
  [Code.Lar_r32_r32m16, [['gpr16', 'l']]],
  [Code.Lar_r64_r64m16, [['gpr16', 'q']]],
  [Code.Lsl_r32_r32m16, [['gpr16', 'l']]],
  [Code.Lsl_r64_r64m16, [['gpr16', 'q']]],
  ...withoutRexW.map((code): [Code, Widths] => [code, [['gpr64', 'q']]]),
  ...bytesAndFloats.map((code): [Code, Widths] => [code, [['gpr64', '']]]),
]);
