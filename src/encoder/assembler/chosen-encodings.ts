import { Code } from 'iced-x86';
import type { Slot } from './slot.js';

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
  Code.Movq_mm_rm64,
  Code.Movq_rm64_mm,
  Code.VEX_Vmovq_xmm_rm64,
  Code.VEX_Vmovq_rm64_xmm,
]);

/** With memory, `movq` has encodings of its own, which need no REX.W. */
export function isRegisterOnly(code: Code, slots: readonly Slot[]): boolean {
  return registerOnly.has(code) && slots.some((slot) => slot.kind === 'memory');
}
