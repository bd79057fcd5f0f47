import { Code } from 'iced-x86';
import type { RegisterFile } from './registers.js';

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
  [Code.Lkgs_r32m16, [['gpr32', 'l']]],
  [Code.Lkgs_r64m16, [['gpr64', 'q']]],
  [Code.Lar_r32_r32m16, [['gpr16', 'l']]],
  [Code.Lar_r64_r64m16, [['gpr16', 'q']]],
  [Code.Lsl_r32_r32m16, [['gpr16', 'l']]],
  [Code.Lsl_r64_r64m16, [['gpr16', 'q']]],
]);
