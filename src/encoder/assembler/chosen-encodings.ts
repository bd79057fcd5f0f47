import { Code, type OpCodeInfo } from '../iced.js';
import { hasUsualSize } from './encoding-names.js';
import type { FormNames } from './instruction-form.js';
import type { Slot } from './slot.js';

/**
 * Encodings that no assembler chooses: undocumented twins of others, Knights Corner's, UD0 without its operands, REX.W
 * before 90, for which GNU as writes 90, and REX.W where at most 32 bits are moved to or from a vector register.
 */
export function isNeverChosen(code: Code): boolean {
  const name = Code[code] ?? '';
  return (
    code === Code.Nopq ||
    code === Code.Ud0 ||
    /^(Sal_|Reservednop_|VEX_KNC_|Fstpnce_)|_(F6r1|F7r1|DCD0|DCD8|DDC8|DED0|DFC8|DFD0|DFD8)$/.test(name) ||
    /^(VEX_V)?(movmskp[sd]|pmovmskb|pextr[bw]|extractps|pinsr[bw])_.*r64/i.test(name)
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

/** FMA4 with the third source in r/m, which is the form for memory there: `vfmaddps %xmm1,(%rax),%xmm2,%xmm3`. */
const memoryOnly = /^VEX_Vfn?m(add|sub|addsub|subadd)[ps][sd]_([xy]mm_){2}[xy]mmm\d+_[xy]mm$/;

/** The names under which a shape of an encoding is found, of all that the encoding has. */
export function chosenNames(code: Code, slots: readonly Slot[], names: FormNames): FormNames {
  const hasMemory = slots.some((slot) => slot.kind === 'memory');
  if (!hasMemory) return memoryOnly.test(Code[code] ?? '') ? nameless : names;
  if (!registerOnly.has(code)) return names;
  // With memory, `movq` has encodings of its own, which need no REX.W; but there is `movd xmm1,qword ptr [rax]`.
  return { att: [], intel: names.intel.filter((name) => name === 'movd') };
}

const nameless: FormNames = { att: [], intel: [] };

const doublewords: ReadonlySet<Code> = new Set([
  Code.Movd_xmm_rm32,
  Code.Movd_rm32_xmm,
  Code.Movd_mm_rm32,
  Code.Movd_rm32_mm,
]);

/** Whether the memory of an encoding is of the size that is meant where none is given and there are others. */
export function isUsualSize(info: OpCodeInfo): boolean {
  return hasUsualSize(info) || doublewords.has(info.code);
}
