import { Code } from '../iced.js';
import type { Slot } from './slot.js';

const conversions = /^(VEX_V)?cvtt?s[sd]2si_/i;
const moves = /^(VEX_V)?(movmskp[sd]|pmovmskb|pextrw|pinsrw)_/i;

/**
 * The AT&T suffix that GNU as takes for the width of a general-purpose register beside a vector register, where iced's
 * formatter has none: `cvtsd2sil %xmm0,%eax`, `pextrwl $1,%xmm0,%eax`; empty for all others.
 */
export function registerSuffix(code: Code, slots: readonly Slot[]): string {
  const name = Code[code] ?? '';
  const isMove = moves.test(name) && !slots.some(({ kind }) => kind === 'memory');
  if (!isMove && !conversions.test(name)) return '';
  const files = slots.map((slot) => (slot.kind === 'register' ? slot.encodes : ''));
  if (files.includes('gpr64')) return 'q';
  return files.includes('gpr32') ? 'l' : '';
}
